#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "collectors/bpf_fixture.h"
#include "collectors/fixture_host.h"
#include "collectors/link/link_test_host.h"
#include "collectors/netdev_test_source.h"
#include "kernel/netlink/nlabi.h"

namespace netstack::napi {
extern const CollectorDeclaration kCollector;

namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Napi : public testing::Test {
 protected:
  Napi() {
    kernel_.bpf = &bpf_;
    collector_ = kCollector.create({.kernel = kernel_, .options = options_, .devices = policy_});
  }
  CollectorState Collect() {
    samples_.Clear();
    const CollectorState state = collector_->Collect(samples_).state;
    EXPECT_EQ(samples_.undeclared(), 0u);
    return state;
  }
  // The lines of a family.
  std::vector<std::string> LinesOf(std::string_view family) {
    std::vector<std::string> lines;
    for (const std::string& line : Lines(samples_)) {
      if (line.starts_with(std::string(family) + "{") ||
          line.starts_with(std::string(family) + " "))
        lines.push_back(line.substr(family.size()));
    }
    return lines;
  }
  void Have(std::vector<link::Made> devices) {
    netlink_.messages.clear();
    for (const link::Made& device : devices) netlink_.messages.push_back(link::Message(device));
  }

  FakeBpf bpf_;
  link::MadeKernel netlink_;
  Kernel kernel_{.roots = {.sysfs = "/nowhere"}, .netlink = netlink_};
  OptionValues options_{kCollector.options};
  DevicePolicy policy_;
  Samples samples_{kCollector.families};
  std::unique_ptr<Collector> collector_;
};

TEST_F(Napi, ShowsEachDeviceAndTheRestTogether) {
  Have({{.index = 2, .name = "eth0"},
        {.index = 7, .name = "veth1", .kind = "veth", .lower = 1, .lower_in_other_netns = true}});
  bpf_.MakeNapi().record = {
      .devices = {{.ifindex = 0, .polls = 1, .work = 2, .exhausted = 0, .bins = {0, 0, 1}},
                  {.ifindex = 2, .polls = 10, .work = 300, .exhausted = 3, .bins = {1, 0, 2, 4, 3}},
                  {.ifindex = 7, .polls = 5, .work = 5, .exhausted = 1, .bins = {0, 5}}},
      .sees_polls = true};
  EXPECT_EQ(Collect(), CollectorState::kOk);
  EXPECT_THAT(LinesOf("netstack_napi_polls_total"), ElementsAre("{device=\"eth0\"} 10", " 6"));
  EXPECT_THAT(LinesOf("netstack_napi_work_total"), ElementsAre("{device=\"eth0\"} 300", " 7"));
  EXPECT_THAT(LinesOf("netstack_napi_budget_exhausted_total"),
              ElementsAre("{device=\"eth0\"} 3", " 1"));
  EXPECT_THAT(LinesOf("netstack_softirq_wait_seconds"), IsEmpty());
}

TEST_F(Napi, ADeviceThatGoesIsNotAddedToTheRest) {
  Have({{.index = 2, .name = "eth0"}});
  bpf_.MakeNapi().record = {.devices = {{.ifindex = 0, .polls = 1}, {.ifindex = 2, .polls = 10}},
                            .sees_polls = true};
  Collect();
  Have({});
  Collect();
  EXPECT_THAT(LinesOf("netstack_napi_polls_total"), ElementsAre(" 1"));
}

TEST_F(Napi, ShowsTimesByVectorAndContext) {
  NapiRecord& record = bpf_.MakeNapi().record;
  record.sees_softirqs = true;
  record.receive[1].waiting.bins[11] = 3;  // 1 to 2 us, in ksoftirqd.
  record.receive[1].waiting.sum = 5000;
  EXPECT_EQ(Collect(), CollectorState::kOk);
  EXPECT_THAT(LinesOf("netstack_softirq_wait_seconds"),
              AllOf(Contains("{vector=\"net_rx\",context=\"ksoftirqd\"} 5.0000000000000004e-06"),
                    Contains("{vector=\"net_rx\",context=\"ksoftirqd\"} 3"),
                    Contains("{vector=\"net_tx\",context=\"interrupt\"} 0")));
  EXPECT_THAT(LinesOf("netstack_napi_polls_total"), IsEmpty());
}

// A host with a card eth0 of which the family "netdev" tells.
class NapiQueues : public testing::Test {
 protected:
  NapiQueues() {
    host_.Write("sys/class/net/eth0/ifindex", "2\n");
    std::filesystem::create_symlink("../../../eth0_parent",
                                    host_.PathOf("sys/class/net/eth0/device"));
    host_.UseNetlink(netlink_);
    host_.SetBpf(bpf_);
    netlink_.link.messages.push_back(link::Message({.index = 2, .name = "eth0"}));
    napi_.record.sees_polls = true;
  }
  void AddQueue(bool is_transmit, std::uint32_t number, std::uint32_t napi) {
    MadeNetdev::Numbers numbers = {{nlabi::kNetdevAQueueIfindex, 2},
                                   {nlabi::kNetdevAQueueType, is_transmit ? 1 : 0},
                                   {nlabi::kNetdevAQueueId, number}};
    if (napi != 0) numbers.emplace_back(nlabi::kNetdevAQueueNapiId, napi);
    netlink_.netdev.Add(nlabi::kNetdevCmdQueueGet, numbers);
    netlink_.netdev.answers.try_emplace(nlabi::kNetdevCmdNapiGet);
  }
  // The lines about queues, without "netstack_napi_queue".
  std::vector<std::string> Page() {
    EXPECT_EQ(host_.Collect().state, CollectorState::kOk);
    const std::string prefix = "netstack_napi_queue";
    std::vector<std::string> lines;
    for (const std::string& line : host_.Lines()) {
      if (line.starts_with(prefix)) lines.push_back(line.substr(prefix.size()));
    }
    return lines;
  }

  struct Netlink : NetlinkSource {
    link::MadeKernel link;
    MadeNetdev netdev;
    Result<std::unique_ptr<NetlinkPort>> Open(int protocol) override {
      return protocol == NETLINK_GENERIC ? netdev.Open(protocol) : link.Open(protocol);
    }
  } netlink_;
  FakeBpf bpf_;
  FakeBpf::Napi& napi_ = bpf_.MakeNapi();
  FixtureHost host_{kCollector};
};

TEST_F(NapiQueues, AreShownByTheInstanceThatPollsThem) {
  AddQueue(false, 0, 513);
  AddQueue(false, 1, 514);
  AddQueue(true, 0, 513);
  AddQueue(true, 1, 515);
  napi_.record.queues = {{.napi_id = 513, .polls = 5, .work = 70, .exhausted = 1},
                         {.napi_id = 514, .polls = 6},
                         {.napi_id = 515, .polls = 7, .work = 3}};
  EXPECT_THAT(
      Page(),
      ElementsAre("_polls_total{device=\"eth0\",direction=\"combined\",queue=\"0\"} 5",
                  "_polls_total{device=\"eth0\",direction=\"receive\",queue=\"1\"} 6",
                  "_polls_total{device=\"eth0\",direction=\"transmit\",queue=\"1\"} 7",
                  "_work_total{device=\"eth0\",direction=\"combined\",queue=\"0\"} 70",
                  "_work_total{device=\"eth0\",direction=\"receive\",queue=\"1\"} 0",
                  "_work_total{device=\"eth0\",direction=\"transmit\",queue=\"1\"} 3",
                  "_budget_exhausted_total{device=\"eth0\",direction=\"combined\",queue=\"0\"} 1",
                  "_budget_exhausted_total{device=\"eth0\",direction=\"receive\",queue=\"1\"} 0",
                  "_budget_exhausted_total{device=\"eth0\",direction=\"transmit\",queue=\"1\"} 0",
                  "s_state{device=\"eth0\",state=\"shown\"} 1"));
  EXPECT_THAT(napi_.napi_ids, ElementsAre(513u, 514u, 515u));
}

TEST_F(NapiQueues, SayWhereNobodyTellsWhichInstanceIsWhose) {
  AddQueue(false, 0, 0);
  EXPECT_THAT(Page(), ElementsAre("s_state{device=\"eth0\",state=\"unknown\"} 1"));
  netlink_.netdev.answers.clear();
  EXPECT_THAT(Page(), ElementsAre("s_state{device=\"eth0\",state=\"unknown\"} 1"));
}

TEST_F(NapiQueues, OfAKernelThatHasNoSuchFamilyAreUnknown) {
  netlink_.netdev.has_family = false;
  EXPECT_THAT(Page(), ElementsAre("s_state{device=\"eth0\",state=\"unknown\"} 1"));
}

TEST_F(NapiQueues, OfALargeCardAreShownOnRequestOnly) {
  for (std::uint32_t queue = 0; queue < 17; ++queue) AddQueue(false, queue, 513 + queue);
  EXPECT_THAT(Page(), ElementsAre("s_state{device=\"eth0\",state=\"many\"} 1"));
  EXPECT_THAT(napi_.napi_ids, IsEmpty());
}

TEST_F(NapiQueues, OfALargeCardHaveRowsOnRequest) {
  for (std::uint32_t queue = 0; queue < 17; ++queue) AddQueue(false, queue, 513 + queue);
  host_.SetOption("per-queue", "true");
  napi_.record.queues = {{.napi_id = 529, .polls = 5}};
  EXPECT_THAT(Page(),
              AllOf(Contains("_polls_total{device=\"eth0\",direction=\"receive\",queue=\"16\"} 5"),
                    Contains("s_state{device=\"eth0\",state=\"many\"} 1")))
      << "not all have a row";
  EXPECT_EQ(napi_.napi_ids.size(), 17u);
}

TEST_F(Napi, IsAbsentWithoutAProgram) {
  EXPECT_EQ(Collect(), CollectorState::kAbsent);
}

}  // namespace
}  // namespace netstack::napi
