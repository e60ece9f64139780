// Cost of a whole round: all default collectors on this machine's files, with as many devices as
// the argument says; and of the link collector and the ledger by number of devices, to be seen
// linear (BigO N or NlgN).
#include <benchmark/benchmark.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "collectors/catalog.h"
#include "exporter/page/composer.h"
#include "exporter/page/pages.h"
#include "exporter/scrape/collector_set.h"
#include "tests/bench/synthetic_devices.h"

namespace netstack {
namespace {

constexpr auto kPatience = std::chrono::minutes(1);

std::vector<CollectorChoice> Choices(std::string_view only) {
  std::vector<CollectorChoice> choices;
  for (const CollectorDeclaration* declaration : Catalog()) {
    if (only.empty() ? !declaration->enabled_by_default : declaration->name != only) continue;
    choices.push_back({.declaration = declaration,
                       .options = OptionValues(declaration->options),
                       .devices = {},
                       .max_series = SIZE_MAX});
  }
  return choices;
}

// Rounds of the collector `only`, or of all that run by default.
class Rounds {
 public:
  Rounds(int devices, std::string_view only)
      : devices_(devices),
        kernel_{.roots = {.procfs = "/proc", .sysfs = "/nonexistent", .rootfs = "/"},
                .netlink = devices_},
        collectors_(kernel_, Choices(only)),
        composer_(std::make_unique<Scraper>(collectors_.Make(), ScraperOptions{}),
                  collectors_.declarations(), {}, {}),
        pages_(composer_) {}

  Pages::Body Scrape(PageForm form) {
    return pages_.Whole(form, Scraper::Clock::now() + kPatience);
  }

 private:
  SyntheticDevices devices_;
  Kernel kernel_;
  CollectorSet collectors_;
  Composer composer_;
  Pages pages_;
};

// By CPU time of the process: the collectors run in threads of their own.
void Measure(benchmark::State& state, std::string_view only, bool gzip) {
  const PageForm form = {.format = PageFormat::kOpenMetrics, .gzip = gzip};
  Rounds rounds(static_cast<int>(state.range(0)), only);
  for (int i = 0; i < 3; ++i) rounds.Scrape(form);
  std::size_t bytes = 0;
  for (auto _ : state) bytes = rounds.Scrape(form)->size();
  state.counters["bytes"] = static_cast<double>(bytes);
  state.SetComplexityN(state.range(0));
}

void BM_WholeRound(benchmark::State& state) {
  Measure(state, {}, false);
}
BENCHMARK(BM_WholeRound)->Arg(2)->Arg(100)->MeasureProcessCPUTime()->UseRealTime();

void BM_WholeRoundGzip(benchmark::State& state) {
  Measure(state, {}, true);
}
BENCHMARK(BM_WholeRoundGzip)->Arg(2)->Arg(100)->MeasureProcessCPUTime()->UseRealTime();

void BM_LinksAndTheirPath(benchmark::State& state) {
  Measure(state, "link", false);
}
BENCHMARK(BM_LinksAndTheirPath)->RangeMultiplier(10)->Range(10, 10'000)->Complexity();

void BM_LinkCollector(benchmark::State& state) {
  SyntheticDevices devices(static_cast<int>(state.range(0)));
  const CollectorSet set(
      {.roots = {.procfs = "/proc", .sysfs = "/nonexistent", .rootfs = "/"}, .netlink = devices},
      Choices("link"));
  const std::vector<ScrapedCollector> collectors = set.Make();
  Samples samples(collectors.front().declaration->families);
  for (auto _ : state) {
    samples.Clear();
    benchmark::DoNotOptimize(collectors.front().collector->Collect(samples));
  }
  state.counters["series"] = static_cast<double>(samples.size());
  state.SetComplexityN(state.range(0));
}
BENCHMARK(BM_LinkCollector)->RangeMultiplier(10)->Range(10, 10'000)->Complexity();

}  // namespace
}  // namespace netstack

BENCHMARK_MAIN();
