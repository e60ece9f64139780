// What is read seldom, and the age of what is shown.
#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "collectors/queues/queues_test_host.h"

namespace netstack::queues {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsSupersetOf;

// eth0 with settings of which one was made.
class QueueSettings : public QueuesTest {
 protected:
  void SetUp() override {
    const std::string net = "sys/class/net/eth0/";
    AddCard("eth0", 1);
    host_.Write(net + "threaded", "0\n");
    host_.Write(net + "gro_flush_timeout", "1000000000\n");
    host_.Write(net + "queues/tx-0/xps_cpus", "0\n");
    host_.Write(net + "queues/rx-0/rps_cpus", "0\n");
    host_.Write(net + "queues/rx-0/rps_flow_cnt", "0\n");
    host_.Write(net + "queues/tx-0/byte_queue_limits/limit_max", "1879048192\n");
  }
  const std::vector<std::string> shown_ = {"bql_inflight_bytes{device=\"eth0\",queue=\"0\"} 0",
                                           "bql_limit_bytes{device=\"eth0\",queue=\"0\"} 1000",
                                           "transmit_timeouts_total{device=\"eth0\",queue=\"0\"} 2",
                                           "receive_queues{device=\"eth0\"} 1",
                                           "transmit_queues{device=\"eth0\"} 1",
                                           "gro_flush_timeout_seconds{device=\"eth0\"} 1"};
};

TEST_F(QueueSettings, AreHiddenWhileNobodyMadeThem) {
  host_.Collect();
  EXPECT_EQ(Lines(), shown_);
  EXPECT_THAT(host_.Lines(), Contains("netstack_queue_rps_cpus{device=\"eth0\",queue=\"0\"} 0"))
      << "for the ledger";
}

TEST_F(QueueSettings, AreShownWithTheirCpusOnRequest) {
  host_.SetOption("tier", "extended");
  host_.Write("sys/class/net/eth0/queues/tx-0/xps_cpus", "00000001,00000003\n");
  host_.Write("sys/class/net/eth0/queues/rx-0/rps_cpus", "6\n");
  host_.Collect();
  EXPECT_THAT(Lines("mask_info"),
              ElementsAre("xps_mask_info{device=\"eth0\",queue=\"0\",cpus=\"0-1,32\"} 1",
                          "rps_mask_info{device=\"eth0\",queue=\"0\",cpus=\"1-2\"} 1"));
}

TEST_F(QueueSettings, AreShownOnRequest) {
  host_.SetOption("tier", "extended");
  host_.Collect();
  EXPECT_THAT(Lines(), IsSupersetOf(shown_));
  EXPECT_THAT(Lines(), IsSupersetOf({"bql_limit_max_bytes{device=\"eth0\",queue=\"0\"} 1879048192",
                                     "rps_cpus{device=\"eth0\",queue=\"0\"} 0",
                                     "xps_cpus{device=\"eth0\",queue=\"0\"} 0",
                                     "rps_flows{device=\"eth0\",queue=\"0\"} 0",
                                     "threaded{device=\"eth0\"} 0"}));
}

TEST_F(QueuesTest, TellsTheAgeOfTheQueueThatWasNotReadForTheLongest) {
  AddCard("eth0", 33);
  AddCard("eth1", 16);
  host_.Collect();
  EXPECT_EQ(Age("read_age"), 0);
  EXPECT_THAT(Lines("read_age"), ElementsAre("read_age_seconds{device=\"eth0\"} 0"));
  host_.Collect();
  const double second = Age("read_age");
  host_.Collect();
  const double third = Age("read_age");
  EXPECT_GT(second, 0);
  EXPECT_GT(third, second) << "some have waited since the first round";
  host_.Collect();
  // All have been read since the first round, which is as old as the settings.
  EXPECT_LT(Age("read_age"), Age("settings_age"));
}

TEST_F(QueuesTest, HasNoAgeOfQueuesThatAreAllReadAtEachScrape) {
  host_.SetOption("per-queue", "true");
  AddCard("eth0", 33);
  host_.Collect();
  host_.Collect();
  EXPECT_THAT(Lines("read_age"), IsEmpty());
}

TEST_F(QueuesTest, TellsTheAgeOfSettings) {
  AddCard("eth0", 1);
  host_.Collect();
  EXPECT_EQ(Age("settings_age"), 0);
  host_.Collect();
  EXPECT_GT(Age("settings_age"), 0);
}

}  // namespace
}  // namespace netstack::queues
