// A whole round of all default collectors on this machine's kernel, from reading to the page,
// allocates nothing once their memory is there. Counted where every allocation of the program and
// of its libraries passes: malloc, replaced in this program.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "collectors/catalog.h"
#include "config/load.h"
#include "exporter/log/logger.h"
#include "exporter/log/state_log.h"
#include "exporter/run/collection.h"
#include "exporter/scrape/collector_set.h"

namespace {
std::atomic<std::size_t> allocations{0};  // Of all threads: malloc has no object.
}

extern "C" {
void* __libc_malloc(std::size_t size);                     // NOLINT: glibc's own names.
void* __libc_calloc(std::size_t count, std::size_t size);  // NOLINT
void* __libc_realloc(void* memory, std::size_t size);      // NOLINT

void* malloc(std::size_t size) {
  ++allocations;
  return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) {
  ++allocations;
  return __libc_calloc(count, size);
}
void* realloc(void* memory, std::size_t size) {
  ++allocations;
  return __libc_realloc(memory, size);
}
}

namespace netstack {
namespace {

class NoLog : public LogSink {
 public:
  void Write(std::string_view) override {}
};

// The default collectors on this machine's kernel, with pages that do not speak of the program.
class Host {
 public:
  Host() {
    Config config;
    EXPECT_TRUE(LoadConfig(Catalog(), {}, config).empty());
    auto collection = Collection::Make(config, {}, nullptr, &states_);
    EXPECT_TRUE(collection.ok());
    collection_ = *std::move(collection);
  }
  Pages::Body Scrape(PageForm form) {
    return collection_->pages().Whole(form, Scraper::Clock::now() + std::chrono::minutes(1));
  }

 private:
  NoLog sink_;
  Logger logger_{sink_, LogLevel::kError, LogFormat::kLogfmt};
  StateLog states_{logger_, "collector"};
  std::unique_ptr<Collection> collection_;
};

std::size_t AllocationsOfOneRound(Host& host, PageForm form) {
  const std::size_t before = allocations;
  const bool answered = host.Scrape(form) != nullptr;
  const std::size_t after = allocations;
  EXPECT_TRUE(answered);
  return after - before;
}

class WholeRound : public testing::TestWithParam<PageForm> {};

// A socket or device that appears meanwhile on a busy machine is worth an allocation: hence some
// attempts. What is asked for in every twentieth round or more often fails all of them.
TEST_P(WholeRound, AllocatesNothingFromTheSecondScrapeOn) {
  constexpr int kScrapes = 20;
  std::string found;
  for (int attempt = 0; attempt < 8; ++attempt) {
    Host host;
    ASSERT_NE(host.Scrape(GetParam()), nullptr);
    std::size_t allocated = 0;
    int scrape = 1;
    while (allocated == 0 && scrape++ < kScrapes) {
      allocated = AllocationsOfOneRound(host, GetParam());
    }
    if (allocated == 0) return;
    found += std::to_string(allocated) + " in scrape " + std::to_string(scrape) + "; ";
  }
  FAIL() << "in every attempt: " << found;
}

INSTANTIATE_TEST_SUITE_P(Forms, WholeRound,
                         testing::Values(PageForm{PageFormat::kText, false},
                                         PageForm{PageFormat::kText, true},
                                         PageForm{PageFormat::kOpenMetrics, false},
                                         PageForm{PageFormat::kOpenMetrics, true}));

// Says which one it is.
TEST(EachCollector, AllocatesNothingOnceItsMemoryIsThere) {
  const auto netlink = MakeKernelNetlinkSource();
  for (const CollectorDeclaration* declaration : Catalog()) {
    if (!declaration->enabled_by_default) continue;  // Namespaces are found anew each time.
    const CollectorSet set({.roots = {}, .netlink = *netlink},
                           {{.declaration = declaration,
                             .options = OptionValues(declaration->options),
                             .devices = {}}});
    const std::vector<ScrapedCollector> made = set.Make();
    Samples samples(declaration->families);
    std::size_t fewest = SIZE_MAX;  // A device that comes or goes is worth an allocation.
    for (int round = 1; round <= 5; ++round) {
      samples.Clear();
      const std::size_t before = allocations;
      static_cast<void>(made.front().collector->Collect(samples));
      if (round > 1) fewest = std::min(fewest, allocations - before);
    }
    EXPECT_EQ(fewest, 0u) << declaration->name;
  }
}

TEST(Malloc, IsCountedThroughOperatorNewToo) {
  const std::size_t before = allocations;
  const auto made = std::make_unique<std::string>(100, 'x');
  EXPECT_EQ(allocations - before, 2u) << made->size();
}

}  // namespace
}  // namespace netstack
