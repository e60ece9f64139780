// What collectors do when the kernel's answers are bad: whatever it is, no crash and no page that
// Prometheus refuses (BrokenHost sees to that), and afterwards all is as before.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <random>
#include <tuple>

#include "collectors/catalog.h"
#include "kernel/text.h"
#include "tests/contract/broken_host.h"
#include "tests/contract/damage.h"

namespace netstack {
namespace {

using Parameter = std::tuple<const CollectorDeclaration*, const char*>;

// Counters of ours keep what damaged numbers made them rise by: then the series must be there.
std::string WithoutOwnCounters(std::string_view page) {
  constexpr std::array<std::string_view, 3> kOwn = {"netstack_listener_drops_total{",
                                                    "netstack_datagram_drops_total{",
                                                    "netstack_datagram_raw_drops_total{"};
  std::string out;
  std::string_view line;
  while (NextLine(page, line)) {
    const bool is_own =
        std::ranges::any_of(kOwn, [&](std::string_view name) { return line.starts_with(name); });
    out += is_own ? line.substr(0, line.rfind(' ')) : line;
    out += '\n';
  }
  return out;
}

class BadSources : public testing::TestWithParam<Parameter> {
 protected:
  BadSources() : host_(*std::get<0>(GetParam()), std::get<1>(GetParam())) {}
  // A collector may look for what was absent in turn, a part of it each round.
  bool IsAsBefore(const std::string& page) {
    constexpr int kRounds = 300;
    for (int round = 0; round < kRounds; ++round) {
      host_.Collect();
      if (WithoutOwnCounters(host_.page()) == WithoutOwnCounters(page)) return true;
    }
    return false;
  }
  BrokenHost host_;
};

TEST_P(BadSources, DamagedFilesCostNoMoreThanTheirCollector) {
  host_.Collect();
  const std::string before = host_.page();
  const std::set<std::string> files = host_.FilesRead();
  // Of many files that are alike each gets another part of the damages.
  const std::size_t step = files.size() / 10 + 1;
  std::size_t first = 0;
  for (const std::string& file : files) {
    const std::string good = host_.Read(file);
    const std::vector<Damaged> damages = DamagesOf(good);
    for (std::size_t i = first++ % step; i < damages.size(); i += step) {
      host_.Write(file, damages[i].text);
      host_.Collect();
      if (HasFailure()) FAIL() << file << ": " << damages[i].how;
    }
    host_.Write(file, good);
    EXPECT_TRUE(IsAsBefore(before)) << "after " << file << " was damaged";
  }
}

TEST_P(BadSources, FilesThatAreGoneCostNoMoreThanTheirCollector) {
  host_.Collect();
  const std::string before = host_.page();
  for (const std::string& file : host_.FilesRead()) {
    const std::string good = host_.Read(file);
    std::filesystem::remove(host_.PathOf(file));
    host_.Collect();
    std::filesystem::create_directory(host_.PathOf(file));
    host_.Collect();
    std::filesystem::remove(host_.PathOf(file));
    host_.Write(file, good);
    EXPECT_TRUE(IsAsBefore(before)) << "after " << file << " was gone";
  }
}

TEST_P(BadSources, CutNetlinkMessagesCostNoMoreThanTheirCollector) {
  host_.Collect();
  const std::string before = host_.page();
  const std::vector<std::size_t> sizes = host_.message_sizes();
  for (std::size_t message = 0; message < sizes.size(); ++message) {
    const std::size_t step = sizes[message] / 400 + 1;
    for (std::size_t size = 0; size < sizes[message]; size += step) {
      host_.ChangeMessages([&](std::size_t index, std::vector<std::byte>& payload) {
        if (index == message) payload.resize(size);
        return true;
      });
      host_.Collect();
      if (HasFailure()) FAIL() << "message " << message << " cut at byte " << size;
    }
    host_.ChangeMessages([&](std::size_t index, auto&) { return index != message; });
    host_.Collect();
  }
  host_.ChangeMessages({});
  EXPECT_TRUE(IsAsBefore(before));
}

TEST_P(BadSources, NoiseInNetlinkMessagesMakesNoBadPage) {
  host_.Collect();
  if (host_.message_sizes().empty()) return;
  for (unsigned seed = 0; seed < 2000; ++seed) {
    std::mt19937 random(seed);
    host_.ChangeMessages([&](std::size_t, std::vector<std::byte>& payload) {
      // Not in the first structure: which object it is about the kernel does know.
      constexpr std::size_t kHeader = 20;
      for (int i = 0; i < 4 && payload.size() > kHeader; ++i) {
        const std::size_t at = kHeader + random() % (payload.size() - kHeader);
        payload[at] = static_cast<std::byte>(random());
      }
      return true;
    });
    host_.Collect();
    if (HasFailure()) FAIL() << "seed " << seed;
  }
}

// Gives up root's privileges for its life.
class Nobody {
 public:
  Nobody() {
    if (is_root_) Become(65534);
  }
  ~Nobody() {
    if (is_root_) Become(0);
  }
  Nobody(const Nobody&) = delete;
  Nobody& operator=(const Nobody&) = delete;

 private:
  static void Become(uid_t user) { EXPECT_EQ(seteuid(user), 0); }
  const bool is_root_ = geteuid() == 0;
};

TEST_P(BadSources, DeniedFilesAreSaidToBeDenied) {
  std::set<std::string> files;
  {
    BrokenHost probe(*std::get<0>(GetParam()), std::get<1>(GetParam()));
    if (probe.Collect().state == CollectorState::kAbsent) return;
    if (!probe.message_sizes().empty()) return;  // The files of such a collector are extras.
    files = probe.FilesRead();
  }
  if (files.empty()) return;
  for (const std::string& file : files) chmod(host_.PathOf(file).c_str(), 0);
  const Nobody nobody;
  EXPECT_EQ(Slug(host_.Collect().state), "no_permission");
}

std::vector<const CollectorDeclaration*> All() {
  return {Catalog().begin(), Catalog().end()};
}

INSTANTIATE_TEST_SUITE_P(Catalog, BadSources,
                         testing::Combine(testing::ValuesIn(All()),
                                          testing::Values("linux-5.10", "linux-7.3")),
                         [](const auto& test) {
                           const std::string kernel = std::get<1>(test.param);
                           return std::string(std::get<0>(test.param)->name) +
                                  (kernel == "linux-7.3" ? "_7" : "_5");
                         });

class EmptyHost : public testing::TestWithParam<const CollectorDeclaration*> {};

TEST_P(EmptyHost, IsAbsentOrFailedAndNeverACrash) {
  BrokenHost host(*GetParam(), "");
  for (int round = 0; round < 2; ++round) {
    const Outcome outcome = host.Collect();
    EXPECT_TRUE(outcome.state == CollectorState::kAbsent ||
                outcome.state == CollectorState::kFailed)
        << Slug(outcome.state);
  }
}

INSTANTIATE_TEST_SUITE_P(Catalog, EmptyHost, testing::ValuesIn(All()),
                         [](const auto& test) { return std::string(test.param->name); });

}  // namespace
}  // namespace netstack
