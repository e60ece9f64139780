// Cost of the page: text per series, compression per page.
#include <benchmark/benchmark.h>

#include <array>

#include "exporter/exposition/gzip.h"
#include "exporter/exposition/page_gzip.h"
#include "exporter/exposition/table_writer.h"
#include "tests/bench/synthetic_page.h"

namespace netstack {
namespace {

void Write(benchmark::State& state, PageFormat format) {
  const SyntheticPage source({});
  Samples samples(source.families());
  source.Fill(samples, 0);
  const TableWriter writer(source.families(), format);
  std::string page;
  for (auto _ : state) {
    page.clear();
    writer.Append(samples, page);
    benchmark::DoNotOptimize(page.data());
  }
  const auto series = static_cast<double>(samples.size());
  state.counters["series"] = series;
  state.counters["bytes"] = static_cast<double>(page.size());
  state.counters["s_per_series"] = benchmark::Counter(
      series, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void BM_WriteText(benchmark::State& state) {
  Write(state, PageFormat::kText);
}
BENCHMARK(BM_WriteText);

void BM_WriteOpenMetrics(benchmark::State& state) {
  Write(state, PageFormat::kOpenMetrics);
}
BENCHMARK(BM_WriteOpenMetrics);

// Eight CPUs' worth of families with three labels, nearly no HELP: the writer alone.
void BM_WriteManySeries(benchmark::State& state) {
  const SyntheticPage source(
      {.single_families = 0, .device_families = 0, .cpu_families = 20, .cpus = 256});
  Samples samples(source.families());
  source.Fill(samples, 0);
  const TableWriter writer(source.families(), PageFormat::kText);
  std::string page;
  for (auto _ : state) {
    page.clear();
    writer.Append(samples, page);
    benchmark::DoNotOptimize(page.data());
  }
  state.counters["s_per_series"] = benchmark::Counter(
      static_cast<double>(samples.size()),
      benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}
BENCHMARK(BM_WriteManySeries);

void BM_Gzip(benchmark::State& state) {
  const SyntheticPage source({});
  Samples samples(source.families());
  source.Fill(samples, 0);
  std::string page;
  TableWriter(source.families(), PageFormat::kText).Append(samples, page);
  Gzip gzip(static_cast<int>(state.range(0)));
  std::size_t size = 0;
  for (auto _ : state) {
    const std::string_view member = gzip.Compress(page);
    size = member.size();
    benchmark::DoNotOptimize(member.data());
  }
  state.SetLabel(std::string(Gzip::Library()));
  state.counters["page"] = static_cast<double>(page.size());
  state.counters["member"] = static_cast<double>(size);
}
BENCHMARK(BM_Gzip)->Arg(1)->Arg(2)->Arg(3)->Arg(6)->Unit(benchmark::kMicrosecond);

// The same page again with other numbers, as scrapes are.
void BM_PageGzip(benchmark::State& state) {
  const SyntheticPage source({});
  Samples samples(source.families());
  const TableWriter writer(source.families(), PageFormat::kText);
  std::array<std::string, 4> pages;
  for (std::size_t i = 0; i < pages.size(); ++i) {
    source.Fill(samples, i);
    writer.Append(samples, pages[i]);
  }
  PageGzip gzip;
  for (const std::string& page : pages) benchmark::DoNotOptimize(gzip.Compress(page).data());
  std::size_t size = 0;
  std::size_t round = 0;
  for (auto _ : state) {
    const std::string_view member = gzip.Compress(pages[round++ % pages.size()]);
    size = member.size();
    benchmark::DoNotOptimize(member.data());
  }
  state.counters["page"] = static_cast<double>(pages[0].size());
  state.counters["member"] = static_cast<double>(size);
}
BENCHMARK(BM_PageGzip)->Unit(benchmark::kMicrosecond);

// What the second page of a shape costs.
void BM_FindMatches(benchmark::State& state) {
  const SyntheticPage source({});
  Samples samples(source.families());
  source.Fill(samples, 0);
  std::string page;
  TableWriter(source.families(), PageFormat::kText).Append(samples, page);
  PageShape shape;
  PageMatches matches;
  for (auto _ : state) {
    shape.Learn(page);
    matches.Find(shape);
  }
}
BENCHMARK(BM_FindMatches)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace netstack

BENCHMARK_MAIN();
