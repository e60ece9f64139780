#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "collectors/fixture_host.h"

namespace netstack::queues {

extern const CollectorDeclaration kCollector;

namespace {

using testing::IsSupersetOf;

// The queues of a recorded host.
std::vector<std::string> RecordedLines(const std::string& host) {
  class NoNetlink : public NetlinkSource {
    Result<std::unique_ptr<NetlinkPort>> Open(int) override { return Error{}; }
  } netlink;
  const std::string root = std::string(NETSTACK_SOURCE_DIR) + "/collectors/queues/fixtures/" + host;
  const Kernel kernel = {
      .roots = {.procfs = root + "/proc", .sysfs = root + "/sys", .rootfs = root},
      .netlink = netlink};
  OptionValues options(kCollector.options);
  EXPECT_EQ(options.Set("tier", "extended"), "");
  const DevicePolicy policy;
  const auto collector = kCollector.create({kernel, options, policy});
  Samples samples(kCollector.families);
  const Outcome outcome = collector->Collect(samples);
  EXPECT_EQ(outcome.state, CollectorState::kOk) << (outcome.error ? outcome.error->Describe() : "");
  return Lines(samples);
}

TEST(RecordedQueues, HasTwoQueuesOnAVmxnet3OfLinux61) {
  std::vector<std::string> lines = RecordedLines("linux-6.1");
  std::erase_if(lines, [](const std::string& line) {
    return line.find("device=\"eth2\"") == std::string::npos;
  });
  std::vector<std::string> expected;
  for (const char* const queue : {"0", "1"}) {
    const std::string labels = std::string("{device=\"eth2\",queue=\"") + queue + "\"} ";
    expected.push_back("netstack_queue_bql_limit_min_bytes" + labels + "0");
    expected.push_back("netstack_queue_bql_limit_max_bytes" + labels + "1879048192");
    expected.push_back("netstack_queue_bql_hold_seconds" + labels + "1");
    expected.push_back("netstack_queue_transmit_timeouts_total" + labels + "0");
    expected.push_back("netstack_queue_xps_cpus" + labels + "0");
    expected.push_back("netstack_queue_rps_cpus" + labels + "0");
    expected.push_back("netstack_queue_rps_flows" + labels + "0");
  }
  for (const char* const line : {"netstack_queue_receive_queues{device=\"eth2\"} 2",
                                 "netstack_queue_transmit_queues{device=\"eth2\"} 2",
                                 "netstack_queue_threaded{device=\"eth2\"} 0",
                                 "netstack_queue_gro_flush_timeout_seconds{device=\"eth2\"} 0",
                                 "netstack_queue_napi_defer_hard_irqs{device=\"eth2\"} 0"}) {
    expected.push_back(line);
  }
  EXPECT_THAT(lines, testing::UnorderedElementsAreArray(expected));
}

TEST(RecordedQueues, HasQueuesOnEveryKernel) {
  for (const char* const host :
       {"linux-5.10", "linux-6.1", "linux-6.12", "linux-6.18", "linux-7.3"}) {
    SCOPED_TRACE(host);
    const std::vector<std::string> lines = RecordedLines(host);
    EXPECT_THAT(lines, IsSupersetOf({"netstack_queue_rps_cpus{device=\"eth0\",queue=\"0\"} 0",
                                     "netstack_queue_receive_queues{device=\"eth0\"} 1"}));
  }
}

}  // namespace
}  // namespace netstack::queues
