// Whole pages of real hosts: what was recorded there is replayed, and must give the page that is
// kept beside it, to the byte.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/record/host_replay.h"
#include "tests/golden/catalog_run.h"
#include "tests/golden/golden_file.h"
#include "tests/oracle/text_page.h"

namespace netstack {
namespace {

using testing::HasSubstr;
using testing::Not;

// It tells of the process that reads, which is another one at every replay.
constexpr std::array<std::string_view, 1> kWithout = {"process"};

CatalogRound Replayed(const std::string& name) {
  const auto replay = HostReplay::Open(NETSTACK_SOURCE_DIR "/tests/hosts/" + name);
  if (!replay) {
    ADD_FAILURE() << replay.error().Describe();
    return {};
  }
  return CatalogRun((*replay)->kernel(), {.without = kWithout}).Round();
}

class Golden : public testing::TestWithParam<const char*> {};

TEST_P(Golden, PageIsTheOneThatIsKept) {
  const CatalogRound round = Replayed(GetParam());
  ExpectIsFile("tests/golden/" + std::string(GetParam()) + ".txt", WithTimesMasked(round.text));
}

TEST_P(Golden, PageFollowsTheFormatAndHasNoSampleTwice) {
  EXPECT_EQ(ParseTextPage(Replayed(GetParam()).text).fault, "");
}

// A collector that is younger than the recordings is absent: recapture the hosts, then.
TEST_P(Golden, CollectorsOfThisHostAreAllFine) {
  const auto states = Replayed(GetParam()).states;
  for (const auto& [collector, state] : states) {
    EXPECT_TRUE(state == "ok" || state.starts_with("absent")) << collector << " " << state;
  }
  for (const char* collector :
       {"softnet", "protocols", "sockstat", "tunables", "host", "link", "qdisc", "ethtool"}) {
    EXPECT_EQ(states.at(collector), "ok") << collector;
  }
}

// A kernel's counter without a declaration of ours is exported under one family for all such.
TEST_P(Golden, EveryCounterOfThisKernelIsKnown) {
  EXPECT_THAT(Replayed(GetParam()).text, Not(HasSubstr("\nnetstack_protocol_unknown_field_total")));
}

// The virtual machines each have three cards, of drivers that fill different counters.
TEST_P(Golden, TellsZeroAndBlindApartByDriver) {
  const std::string page = Replayed(GetParam()).text;
  const auto device = [](std::string_view name) {
    return "stage=\"ring\",class=\"loss\",cause=\"ring_overrun\",device=\"" + std::string(name) +
           "\"} 0\n";
  };
  const auto blind = [](std::string_view name) {
    return "netstack_path_blind{path=\"receive\",stage=\"ring\",device=\"" + std::string(name) +
           "\",reason=\"driver\"} 1\n";
  };
  EXPECT_THAT(page, HasSubstr(blind("eth0"))) << "virtio_net";
  EXPECT_THAT(page, Not(HasSubstr(device("eth0")))) << "virtio_net";
  if (GetParam() == std::string("linux-6.18")) return;
  EXPECT_THAT(page, HasSubstr(device("eth1"))) << "e1000e";
  EXPECT_THAT(page, HasSubstr(device("eth2"))) << "vmxnet3, by its own statistics";
}

INSTANTIATE_TEST_SUITE_P(Hosts, Golden,
                         testing::Values("linux-5.10", "linux-6.1", "linux-6.12", "linux-6.18",
                                         "linux-7.3"),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::ranges::replace_if(
                               name, [](char c) { return c == '-' || c == '.'; }, '_');
                           return name;
                         });

TEST(GoldenHosts, OpenMetricsPageIsTheOneThatIsKept) {
  ExpectIsFile("tests/golden/linux-7.3.openmetrics.txt",
               WithTimesMasked(Replayed("linux-7.3").open_metrics));
}

// What the guests' traffic provoked, in the ledger (see tests/hosts/README.md).
TEST(GoldenHosts, ShowsTheLossesThatWereProvoked) {
  for (const char* host : {"linux-5.10", "linux-6.1", "linux-6.12", "linux-7.3"}) {
    const TextPage page = ParseTextPage(Replayed(host).text);
    for (const char* series :
         {"netstack_path_drops_total{cause=\"accept_queue_full\",class=\"loss\",path=\"receive\","
          "stage=\"listen\",}",
          "netstack_softnet_dropped_total{cpu=\"1\",}",
          "netstack_udp_rcvbuf_errors_total{ip_version=\"4\",}",
          "netstack_tcp_ext_tcp_to_zero_window_adv_total{}"}) {
      ASSERT_TRUE(page.samples.contains(series)) << host << ": " << series;
      EXPECT_GT(page.samples.at(series), 0) << host << ": " << series;
    }
  }
}

}  // namespace
}  // namespace netstack
