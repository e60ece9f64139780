#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collectors/bpf_fixture.h"
#include "collectors/sock_diag_test_host.h"

namespace netstack::queue_peaks {
extern const CollectorDeclaration kCollector;

namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

class QueuePeaks : public testing::Test {
 protected:
  QueuePeaks() {
    host_.SetBpf(bpf_);
    host_.SetOption("tier", "extended");
  }

  FakeBpf bpf_;
  SockDiagHost host_{kCollector};
};

TEST_F(QueuePeaks, ShowsEachGroupsPeaks) {
  bpf_.MakeQueues().record.groups = {{.kind = QueueGroup::Kind::kIn,
                                      .port = 443,
                                      .peaks = {.unread = 1,
                                                .send_queue = 2,
                                                .unsent = 3,
                                                .receive_memory = 4,
                                                .send_memory = 5,
                                                .receive_fill = 0.5,
                                                .send_fill = 0.25},
                                      .received_bytes = 8}};
  EXPECT_THAT(host_.Page("in:443"),
              ElementsAre("netstack_socket_unread_peak_bytes{socket_group=\"in:443\"} 1",
                          "netstack_socket_send_queue_peak_bytes{socket_group=\"in:443\"} 2",
                          "netstack_socket_unsent_peak_bytes{socket_group=\"in:443\"} 3",
                          "netstack_socket_receive_memory_peak_bytes{socket_group=\"in:443\"} 4",
                          "netstack_socket_send_memory_peak_bytes{socket_group=\"in:443\"} 5",
                          "netstack_socket_receive_memory_peak_ratio{socket_group=\"in:443\"} 0.5",
                          "netstack_socket_send_memory_peak_ratio{socket_group=\"in:443\"} 0.25",
                          "netstack_socket_received_bytes_total{socket_group=\"in:443\"} 8"));
}

TEST_F(QueuePeaks, ShowsWhatADefaultPageHasRoomFor) {
  host_.SetOption("tier", "core");
  bpf_.MakePrunes().record.sees_prune = true;
  QueueRecord& record = bpf_.MakeQueues().record;
  record.groups = {{.kind = QueueGroup::Kind::kOtherNamespaces},
                   {.kind = QueueGroup::Kind::kIn, .port = 443}};
  record.sees_listeners = record.sees_datagrams = true;
  EXPECT_THAT(host_.Page(""),
              ElementsAre("netstack_socket_unread_peak_bytes{socket_group=\"in:443\"} 0",
                          "netstack_socket_send_queue_peak_bytes{socket_group=\"in:443\"} 0",
                          "netstack_socket_receive_memory_peak_ratio{socket_group=\"in:443\"} 0",
                          "netstack_socket_send_memory_peak_ratio{socket_group=\"in:443\"} 0",
                          "netstack_socket_received_bytes_total{socket_group=\"in:443\"} 0",
                          "netstack_listener_accept_queue_peak_connections{port=\"443\"} 0",
                          "netstack_listener_accept_queue_peak_ratio{port=\"443\"} 0",
                          "netstack_datagram_receive_memory_peak_bytes 0",
                          "netstack_datagram_receive_memory_peak_ratio 0",
                          "netstack_peak_look_back_seconds 75", "netstack_peak_gaps_total 0",
                          "netstack_peak_ports_without_group 0"));
}

TEST_F(QueuePeaks, NamesEachKindOfGroup) {
  FakeBpf::Queues& queues = bpf_.MakeQueues();
  queues.record.groups = {{.kind = QueueGroup::Kind::kOther},
                          {.kind = QueueGroup::Kind::kOtherNamespaces},
                          {.kind = QueueGroup::Kind::kIn, .port = 80},
                          {.kind = QueueGroup::Kind::kOut, .port = 80}};
  const std::string name = "netstack_socket_received_bytes_total";
  EXPECT_THAT(host_.Page(name), ElementsAre(name + "{socket_group=\"other\"} 0",
                                            name + "{socket_group=\"other_namespaces\"} 0",
                                            name + "{socket_group=\"in:80\"} 0",
                                            name + "{socket_group=\"out:80\"} 0"));
  std::swap(queues.record.groups[2], queues.record.groups[3]);
  queues.record.groups[3].port = 81;
  EXPECT_THAT(host_.Page(name), AllOf(Contains(name + "{socket_group=\"in:81\"} 0"),
                                      Contains(name + "{socket_group=\"out:80\"} 0")));
}

TEST_F(QueuePeaks, ShowsAcceptQueuesAndDatagramsWhereTheKernelTells) {
  QueueRecord& record = bpf_.MakeQueues().record;
  record.groups = {{.kind = QueueGroup::Kind::kIn,
                    .port = 80,
                    .accept_queue = 20,
                    .accept_fill = 0.5,
                    .arrivals = 31},
                   {.kind = QueueGroup::Kind::kOut, .port = 90}};
  record.datagram_memory = 2304;
  record.datagram_fill = 0.125;
  EXPECT_THAT(host_.Page("listener"), IsEmpty());
  EXPECT_THAT(host_.Page("datagram"), IsEmpty());
  record.sees_listeners = true;
  EXPECT_THAT(host_.Page("listener"),
              ElementsAre("netstack_listener_accept_queue_peak_connections{port=\"80\"} 20",
                          "netstack_listener_accept_queue_peak_ratio{port=\"80\"} 0.5",
                          "netstack_listener_arrivals_total{port=\"80\"} 31"));
  EXPECT_THAT(host_.Page("datagram"), IsEmpty());
  record.sees_datagrams = true;
  EXPECT_THAT(host_.Page("datagram"),
              ElementsAre("netstack_datagram_receive_memory_peak_bytes 2304",
                          "netstack_datagram_receive_memory_peak_ratio 0.125"));
}

// The counts of a histogram's buckets, then its sum and count.
std::vector<double> Parts(const Samples& samples, std::string_view name) {
  std::vector<double> values;
  for (std::size_t i = 0; i < samples.families().size(); ++i) {
    if (samples.families()[i].name != name) continue;
    samples.ForEach(i,
                    [&](const Samples::View& view) { values.push_back(view.value().AsDouble()); });
  }
  return values;
}

TEST_F(QueuePeaks, ShowTheWaitForAcceptByPortOnRequest) {
  bpf_.MakeQueues();
  host_.SetOption("max-groups", "5");
  EXPECT_THAT(host_.Page("netstack_listener_accept_wait"), IsEmpty());
  FakeBpf::Accepts& accepts = bpf_.MakeAccepts();
  host_.made.Have(IPPROTO_TCP, {{.port = 80}, {.state = 1, .port = 99}});
  AcceptWaits waits = {.port = 80};
  waits.waits.bins[0] = 1;   // Up to 1.024 us.
  waits.waits.bins[18] = 2;  // 134 to 268 ms.
  waits.waits.bins[31] = 4;
  waits.waits.sum = 2'500'000'000;
  accepts.record = {.listeners = {waits}, .lost = 3};
  host_.Collect();
  EXPECT_THAT(Parts(host_.samples, "netstack_listener_accept_wait_seconds"),
              ElementsAre(1, 1, 1, 1, 1, 1, 3, 3, 3, 3, 7, 2.5, 7));
  EXPECT_THAT(host_.Page("netstack_waits_untimed_total"),
              ElementsAre("netstack_waits_untimed_total{wait=\"accept\"} 3"));
  EXPECT_THAT(accepts.listening, ElementsAre(80));
  EXPECT_EQ(accepts.most, 5u);
}

TEST_F(QueuePeaks, ShowTheTimeOfPruningAsFarAsItIsSeen) {
  bpf_.MakeQueues();
  PruneRecord& record = bpf_.MakePrunes().record;
  record.collapse.bins[11] = 2;
  record.collapse.sum = 2'500'000'000;
  record.prune.bins[27] = 1;
  record.prune.sum = 2'500'000'000;
  record.lost = 1;
  host_.Collect();
  EXPECT_THAT(Parts(host_.samples, "netstack_tcp_prune_seconds"), IsEmpty());
  record.sees_collapse = true;
  host_.Collect();
  EXPECT_THAT(Parts(host_.samples, "netstack_tcp_prune_seconds"),
              ElementsAre(0, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2.5, 2));
  record.sees_collapse = false;
  record.sees_prune = true;
  host_.Collect();
  EXPECT_THAT(Parts(host_.samples, "netstack_tcp_prune_seconds"),
              ElementsAre(0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2.5, 1));
  EXPECT_THAT(host_.Page("netstack_waits_untimed_total"),
              ElementsAre("netstack_waits_untimed_total{wait=\"prune\"} 1"));
}

TEST_F(QueuePeaks, FoldsBinsIntoPowersOfFour) {
  QueueRecord& record = bpf_.MakeQueues().record;
  record.unread.bins[0] = 1;   // Up to 1.
  record.unread.bins[10] = 2;  // Up to 1024.
  record.unread.bins[11] = 4;
  record.unread.bins[26] = 8;
  record.unread.bins[31] = 16;
  record.unread.sum = 12345;
  std::vector<std::uint64_t> values;
  host_.Collect();
  for (std::size_t i = 0; i < host_.samples.families().size(); ++i) {
    if (host_.samples.families()[i].name != "netstack_socket_unread_depth_bytes") continue;
    host_.samples.ForEach(i, [&](const Samples::View& view) {
      values.push_back(static_cast<std::uint64_t>(view.value().AsDouble()));
    });
  }
  EXPECT_THAT(values, ElementsAre(3, 7, 7, 7, 7, 7, 7, 7, 15, 31, 12345, 31));
}

TEST_F(QueuePeaks, GivesTheProgramsItsPortsAndLookBack) {
  host_.SetOption("ports-out", "5432,6379-6380");
  host_.SetOption("max-groups", "5");
  host_.SetOption("look-back", "2m");
  FakeBpf::Queues& queues = bpf_.MakeQueues();
  host_.made.Have(IPPROTO_TCP,
                  {{.port = 80}, {.address = "::", .port = 443}, {.state = 1, .port = 99}});
  host_.Page();
  EXPECT_THAT(queues.listening, UnorderedElementsAre(80, 443));
  EXPECT_THAT(queues.remote, ElementsAre(5432, 6379, 6380));
  EXPECT_EQ(queues.most, 5u);
  EXPECT_EQ(queues.look_back, std::chrono::minutes(2));
}

TEST_F(QueuePeaks, LetsTheProgramsLookAtAllWhereAllIsShown) {
  FakeBpf::Queues& queues = bpf_.MakeQueues();
  queues.looks_at_all = false;
  host_.Page();
  EXPECT_TRUE(queues.looks_at_all);
}

TEST_F(QueuePeaks, LetsTheProgramsLookAtNoMoreThanADefaultPageShows) {
  host_.SetOption("tier", "core");
  FakeBpf::Queues& queues = bpf_.MakeQueues();
  host_.Page();
  EXPECT_FALSE(queues.looks_at_all);
}
TEST_F(QueuePeaks, SaysWhatIsMissing) {
  QueueRecord& record = bpf_.MakeQueues().record;
  record.gaps = 2;
  record.ports_without_group = 3;
  EXPECT_THAT(host_.Page("netstack_peak"),
              ElementsAre("netstack_peak_look_back_seconds 75", "netstack_peak_gaps_total 2",
                          "netstack_peak_ports_without_group 3"));
}

TEST_F(QueuePeaks, ShowsWhatItHasWithoutListeners) {
  bpf_.MakeQueues().record.groups = {{}};
  host_.made.failures[{AF_INET, IPPROTO_TCP}] = {.kind = ErrorKind::kIo, .what = "broken"};
  EXPECT_EQ(host_.Collect().state, CollectorState::kPartial);
  EXPECT_THAT(Lines(host_.samples), Not(IsEmpty()));
}

TEST_F(QueuePeaks, AreAbsentWithoutAProgram) {
  EXPECT_EQ(host_.Collect().state, CollectorState::kAbsent);
  EXPECT_THAT(Lines(host_.samples), IsEmpty());
}

TEST_F(QueuePeaks, RefuseAPortThatIsNone) {
  host_.SetOption("ports-out", "ftp");
  EXPECT_EQ(host_.Collect().state, CollectorState::kFailed);
}

}  // namespace
}  // namespace netstack::queue_peaks
