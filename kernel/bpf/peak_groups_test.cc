#include "kernel/bpf/peak_groups.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>

namespace netstack {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using Ports = std::vector<std::uint16_t>;

class PeakGroupsTest : public testing::Test {
 protected:
  void Assign(const Ports& listening, const Ports& remote = {}, std::size_t most = 20) {
    groups_.Assign(listening, remote, most, now_, seconds(100));
  }
  // "in 80 at 2", "out 5432 at 3 new".
  std::vector<std::string> Shown() const {
    std::vector<std::string> shown;
    std::size_t number = 1;
    for (const PeakGroups::Group& group : groups_.groups()) {
      ++number;
      const auto& table = group.is_remote ? out_ : in_;
      EXPECT_EQ(table[group.port], number);
      shown.push_back((group.is_remote ? "out " : "in ") + std::to_string(group.port) +
                      (group.in_use ? "" : " gone") + (group.is_new ? " new" : ""));
    }
    return shown;
  }

  std::array<std::uint8_t, 65536> in_ = {};
  std::array<std::uint8_t, 65536> out_ = {};
  PeakGroups::Clock::time_point now_ = {};
  PeakGroups groups_{in_, out_, 2};
};

TEST_F(PeakGroupsTest, GivesEachPortOnceTheLowestFirst) {
  Assign({443, 80, 80}, {5432});
  EXPECT_THAT(Shown(), ElementsAre("in 80 new", "in 443 new", "out 5432 new"));
  EXPECT_EQ(in_[5432], 0);
  Assign({443, 80}, {5432});
  EXPECT_THAT(Shown(), ElementsAre("in 80", "in 443", "out 5432"));
}

TEST_F(PeakGroupsTest, CountsPortsBeyondTheLimit) {
  Assign({1, 2, 3}, {4}, 2);
  EXPECT_THAT(Shown(), ElementsAre("in 1 new", "in 2 new"));
  EXPECT_EQ(groups_.ports_without_group(), 2u);
  EXPECT_EQ(in_[3], 0);
}

TEST_F(PeakGroupsTest, KeepsTheNumberOfAPortThatComesBack) {
  Assign({80, 443});
  Assign({443});
  EXPECT_THAT(Shown(), ElementsAre("in 80 gone", "in 443"));
  now_ += seconds(50);
  Assign({80, 443});
  EXPECT_THAT(Shown(), ElementsAre("in 80", "in 443"));
}

TEST_F(PeakGroupsTest, GivesTheNumberOfAPortThatWentToAnotherLater) {
  Assign({80}, {}, 1);
  Assign({90}, {}, 1);
  EXPECT_THAT(Shown(), ElementsAre("in 80 gone"));
  EXPECT_EQ(groups_.ports_without_group(), 1u);
  now_ += seconds(101);
  Assign({90}, {}, 1);
  EXPECT_THAT(Shown(), ElementsAre("in 90 new"));
  EXPECT_EQ(in_[80], 0);
}

TEST_F(PeakGroupsTest, HasNumbersForABytesWorthOfPorts) {
  Ports all;
  for (int port = 1; port < 1000; ++port) all.push_back(static_cast<std::uint16_t>(port));
  Assign(all, {}, 10'000);
  EXPECT_EQ(groups_.groups().size(), 254u);
  EXPECT_EQ(in_[254], 255);
  EXPECT_EQ(groups_.ports_without_group(), 999u - 254u);
}

}  // namespace
}  // namespace netstack
