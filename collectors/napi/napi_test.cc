#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collectors/bpf_fixture.h"
#include "collectors/fixture_host.h"
#include "collectors/link/link_test_host.h"

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
  Kernel kernel_{.roots = {}, .netlink = netlink_};
  OptionValues options_;
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

TEST_F(Napi, IsAbsentWithoutAProgram) {
  EXPECT_EQ(Collect(), CollectorState::kAbsent);
}

}  // namespace
}  // namespace netstack::napi
