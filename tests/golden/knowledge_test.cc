// What the ledger knows of each kernel, and what it says it cannot see: a loss is either a number
// or blind, and this is the list of which is which.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <set>
#include <string>
#include <string_view>

#include "kernel/record/host_replay.h"
#include "tests/golden/catalog_run.h"
#include "tests/oracle/text_page.h"

namespace netstack {
namespace {

using Set = std::set<std::string>;

// Losses that every kernel from 5.10 on counts, with or without privilege.
constexpr std::array kAlways = {
    "receive/backlog/backlog_full",
    "receive/backlog/flow_limit",
    "receive/datagram/raw_socket_full",
    "receive/datagram/receive_buffer_full",
    "receive/ip/no_memory",
    "receive/ip/reassembly_failed",
    "receive/ip/reassembly_timeout",
    "receive/listen/accept_queue_full",
    "receive/listen/other",
    "receive/listen/syn_queue_full",
    "receive/netfilter/conntrack_full",
    "receive/tcp/memory_reserve",
    "receive/tcp/out_of_order_queue",
    "receive/tcp/receive_queue",
    "receive/tcp/socket_backlog",
    "receive/tcp/zero_window",
    "transmit/neighbour/table_full",
    "transmit/neighbour/unresolved_discards",
    "transmit/qdisc/qdisc_full eth0",
    "transmit/queue/device_dropped eth0",
    "transmit/ring/fifo_underrun eth0",
};
// What no kernel tells without drop reasons.
constexpr std::array kNever = {
    "receive/ingress no_ebpf", "receive/netfilter no_ebpf",  "receive/xdp no_ebpf",
    "transmit/egress no_ebpf", "transmit/netfilter no_ebpf", "transmit/queue no_ebpf",
    "transmit/socket no_ebpf",
};
// eth0 is a virtio_net, whose ring overruns its host alone could tell.
constexpr std::array kVirtio = {"receive/ring eth0 driver"};
// eth1 is an e1000e, eth2 a vmxnet3.
constexpr std::array kCards = {
    "receive/ring/ring_overrun eth1",     "receive/ring/ring_overrun eth2",
    "transmit/qdisc/qdisc_full eth1",     "transmit/qdisc/qdisc_full eth2",
    "transmit/queue/device_dropped eth1", "transmit/queue/device_dropped eth2",
};
constexpr std::array kCardsBlind = {"receive/ring eth1 driver",
                                    "receive/ring eth2 driver",  // A FIFO of their own.
                                    "transmit/ring eth1 driver", "transmit/ring eth2 driver"};

// A counter that came later: before, its stage is blind for the reason "kernel".
struct Since {
  int version;  // 6.12 is 612.
  std::string_view exact;
  std::string_view blind;
};
constexpr std::array kLater = {
    Since{511, "receive/datagram/no_memory", "receive/datagram kernel"},
    Since{514, "receive/listen/migration_failed", "receive/listen kernel"},
    Since{516, "receive/netfilter/conntrack_chain_too_long", "receive/netfilter kernel"},
    Since{617, "receive/tcp/beyond_window", "receive/tcp kernel"},
};

struct Host {
  std::string_view folder;
  int version;
  bool cards = true;
  bool raw_sockets = true;  // A recording without tables of addresses lacks them.
};
constexpr std::array kHosts = {Host{"linux-5.10", 510}, Host{"linux-6.1", 601},
                               Host{"linux-6.12", 612}, Host{"linux-6.18", 618, false, false},
                               Host{"linux-7.3", 703}};

std::string Label(std::string_view series, std::string_view name) {
  const std::string start = std::string(name) + "=\"";
  const std::size_t at = series.find(start);
  if (at == std::string_view::npos) return {};
  const std::size_t value = at + start.size();
  return std::string(series.substr(value, series.find('"', value) - value));
}

// The series of a family, as "path/stage/cause device" or "path/stage device reason".
Set Known(const TextPage& page, std::string_view family) {
  Set found;
  for (const auto& [series, value] : page.samples) {
    if (!series.starts_with(family)) continue;
    if (!Label(series, "class").empty() && Label(series, "class") != "loss") continue;
    std::string text = Label(series, "path") + "/" + Label(series, "stage");
    if (const std::string cause = Label(series, "cause"); !cause.empty()) text += "/" + cause;
    for (const char* label : {"device", "reason"}) {
      if (const std::string said = Label(series, label); !said.empty()) text += " " + said;
    }
    found.insert(text);
  }
  return found;
}

class Knowledge : public testing::TestWithParam<Host> {};

TEST_P(Knowledge, IsExactOrBlind) {
  const Host& host = GetParam();
  const auto replay =
      HostReplay::Open(NETSTACK_SOURCE_DIR "/tests/hosts/" + std::string(host.folder));
  ASSERT_TRUE(replay);
  constexpr std::array<std::string_view, 1> kWithout = {"process"};
  const TextPage page =
      ParseTextPage(CatalogRun((*replay)->kernel(), {.without = kWithout}).Round().text);

  Set exact(kAlways.begin(), kAlways.end());
  Set blind(kNever.begin(), kNever.end());
  blind.insert(kVirtio.begin(), kVirtio.end());
  for (const Since& since : kLater) {
    host.version >= since.version ? exact.emplace(since.exact) : blind.emplace(since.blind);
  }
  if (host.cards) {
    exact.insert(kCards.begin(), kCards.end());
    blind.insert(kCardsBlind.begin(), kCardsBlind.end());
  }
  if (!host.raw_sockets) {
    exact.erase("receive/datagram/raw_socket_full");
    blind.insert("receive/datagram absent");
  }
  EXPECT_EQ(Known(page, "netstack_path_drops_total{"), exact);
  EXPECT_EQ(Known(page, "netstack_path_blind{"), blind);
}

INSTANTIATE_TEST_SUITE_P(Hosts, Knowledge, testing::ValuesIn(kHosts), [](const auto& test) {
  std::string name(test.param.folder);
  for (char& c : name) {
    if (c == '-' || c == '.') c = '_';
  }
  return name;
});

}  // namespace
}  // namespace netstack
