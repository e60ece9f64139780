#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <string>

#include "exporter/exposition/gzip.h"
#include "exporter/exposition/page_gzip.h"
#include "exporter/exposition/table_writer.h"

namespace {
std::atomic<std::size_t> allocations{0};  // Of the whole program: operator new has no object.
}

void* operator new(std::size_t size) {
  ++allocations;
  if (void* const memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace netstack {
namespace {

constexpr auto kTable = std::to_array<Family>({
    {.name = "netstack_a_total",
     .type = MetricType::kCounter,
     .labels = {"cpu", "device"},
     .help = "A."},
    {.name = "netstack_b_ratio", .labels = {"device"}, .help = "B."},
    {.name = "netstack_d_seconds",
     .type = MetricType::kHistogram,
     .labels = {"stage"},
     .help = "D."},
    {.name = "netstack_e_bytes",
     .type = MetricType::kGaugeHistogram,
     .labels = {"queue"},
     .help = "E."},
});

// Other numbers for every round, and longer ones.
void Fill(Samples& samples, std::uint64_t round) {
  samples.Clear();
  constexpr std::array<std::string_view, 4> kNames = {"eth0", "a\"b\\c", "\xFF\xC3", "ü"};
  for (std::uint64_t i = 0; i < 1000; ++i) {
    samples.Add(kTable[0], {"12", kNames[i % kNames.size()]}, (i << 20) * round);
    samples.Add(kTable[1], {kNames[i % kNames.size()]}, static_cast<double>(i) / 7);
    for (const Family* family : {&kTable[2], &kTable[3]}) {
      const std::array<std::string_view, 1> label = {kNames[i % kNames.size()]};
      samples.AddBucket(*family, label, "1", i);
      samples.AddBucket(*family, label, "1048576", i);
      samples.AddSum(*family, label, 0.1 * static_cast<double>(i));
      samples.AddCount(*family, label, i);
    }
  }
}

TEST(Allocations, AreNoneFromTheSecondPageOn) {
  Samples samples(kTable);
  const TableWriter text(kTable, PageFormat::kText);
  const TableWriter open_metrics(kTable, PageFormat::kOpenMetrics);
  Gzip gzip;
  PageGzip text_gzip, open_metrics_gzip;
  std::string page;
  const auto scrape = [&](std::uint64_t round) {
    Fill(samples, round);
    page.clear();
    text.Append(samples, page);
    ASSERT_FALSE(text_gzip.Compress(page).empty());
    page.clear();
    open_metrics.Append(samples, page);
    ASSERT_FALSE(open_metrics_gzip.Compress(page).empty());
    ASSERT_FALSE(gzip.Compress(page).empty());
  };
  const std::size_t start = allocations;
  scrape(1);
  const std::size_t before = allocations;
  EXPECT_GT(before, start) << "allocations are not counted";
  for (std::uint64_t round = 2; round < 20; ++round) scrape(round);
  EXPECT_EQ(allocations, before);
}

}  // namespace
}  // namespace netstack
