#include "exporter/record/queue_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/tcp.h>
#include <sys/socket.h>

#include <cstring>
#include <vector>

namespace netstack {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// As TCP_ESTABLISHED and TCP_CLOSE_WAIT.
constexpr std::uint8_t kEstablished = 1;
constexpr std::uint8_t kCloseWait = 8;

// A connection as sock_diag tells it.
struct Connection {
  std::uint64_t cookie = 1;
  std::uint16_t port = 80;
  std::uint8_t state = kEstablished;
  std::uint32_t unread = 0;
  std::uint32_t unsent = 0;
  std::uint64_t received = 0;
  std::uint64_t sent = 0;
};

class QueueLogTest : public ::testing::Test {
 protected:
  void Pass(const std::vector<Connection>& connections) {
    log_.Begin();
    for (const Connection& connection : connections) Add(connection);
    log_.End();
  }
  void Add(const Connection& connection) {
    tcp_info info = {};
    info.tcpi_bytes_received = connection.received;
    info.tcpi_bytes_sent = connection.sent + 10;
    info.tcpi_bytes_retrans = 10;
    info.tcpi_notsent_bytes = connection.unsent;
    log_.Add({.family = AF_INET,
              .state = connection.state,
              .local_port = connection.port,
              .remote_port = 4000,
              .cookie = connection.cookie,
              .receive_queue = connection.unread,
              .transmit_queue = connection.unsent,
              .info = std::as_bytes(std::span(&info, 1))});
  }
  // Of the same connection as a program in the kernel tells it.
  static SocketPeak Peak(std::uint16_t port, const SocketPeak& numbers) {
    SocketPeak peak = numbers;
    peak.local_address = peak.remote_address = ConnectionName::Mapped(AF_INET, {});
    peak.local_port = port;
    peak.remote_port = 4000;
    return peak;
  }
  static QueueRow Row(const QueueRow& numbers, std::uint16_t port = 80) {
    QueueRow row = numbers;
    row.family = AF_INET;
    row.local_port = port;
    row.remote_port = 4000;
    return row;
  }
  QueueLog log_;
};

TEST_F(QueueLogTest, KeepsThePeakOfAllSamplesOfAnInterval) {
  Pass({{.unread = 10, .unsent = 1}});
  Pass({{.unread = 500, .unsent = 7, .received = 490}});
  Pass({{.unread = 20, .unsent = 0, .received = 490, .sent = 7}});
  EXPECT_THAT(log_.Take(), ElementsAre(Row({.receive_peak = 500,
                                            .receive_total = 490,
                                            .send_peak = 7,
                                            .send_total = 6,
                                            .samples = 3})));
  Pass({{.unread = 20, .received = 490, .sent = 7}});
  EXPECT_THAT(log_.Take(), ElementsAre(Row({.receive_peak = 20, .samples = 1})));
}

TEST_F(QueueLogTest, CountsAConnectionThatBeganMeanwhileFromItsBegin) {
  Pass({});
  Pass({{.unread = 5, .unsent = 3, .received = 100, .sent = 40}});
  EXPECT_THAT(log_.Take(), ElementsAre(Row({.receive_peak = 5,
                                            .receive_total = 100,
                                            .send_peak = 3,
                                            .send_total = 43,
                                            .samples = 1})));
}

TEST_F(QueueLogTest, CountsNothingFromBeforeTheRecording) {
  Pass({{.received = 1'000'000, .sent = 1'000'000}});
  EXPECT_THAT(log_.Take(), ElementsAre(Row({.samples = 1})));
}

TEST_F(QueueLogTest, ShowsAConnectionThatWentOnceMore) {
  Pass({{.unread = 9}});
  Pass({});
  EXPECT_THAT(log_.Take(), ElementsAre(Row({.receive_peak = 9, .samples = 1})));
  Pass({});
  EXPECT_THAT(log_.Take(), IsEmpty());
}

TEST_F(QueueLogTest, KeepsConnectionsApartAndInOrder) {
  Pass({{.cookie = 3, .port = 90, .unread = 1}, {.cookie = 2, .port = 80, .unread = 2}});
  EXPECT_THAT(log_.Take(), ElementsAre(Row({.receive_peak = 2, .samples = 1}, 80),
                                       Row({.receive_peak = 1, .samples = 1}, 90)));
}

TEST_F(QueueLogTest, ForgetsAPassThatIsBegunAgain) {
  log_.Begin();
  Add({.unread = 99});
  Pass({{.unread = 1}});
  EXPECT_THAT(log_.Take(), ElementsAre(Row({.receive_peak = 1, .samples = 1})));
}

TEST_F(QueueLogTest, KnowsPeaksAndBytesThatTheKernelSawBetweenSamples) {
  Pass({{.unread = 10, .received = 100}});
  log_.AddPeak(Peak(80, {.unread = 700, .send_queue = 3, .received_bytes = 900}));
  EXPECT_THAT(
      log_.Take(),
      ElementsAre(Row({.receive_peak = 700, .receive_total = 800, .send_peak = 3, .samples = 1})));
  Pass({{.unread = 20, .received = 900}});
  EXPECT_THAT(log_.Take(), ElementsAre(Row({.receive_peak = 20, .samples = 1})));
}

TEST_F(QueueLogTest, DoesNotTakeTheEndOfTheStreamForAByte) {
  Pass({{.state = kCloseWait, .unread = 701}, {.cookie = 2, .port = 90, .state = kCloseWait}});
  EXPECT_THAT(log_.Take(),
              ElementsAre(Row({.receive_peak = 700, .samples = 1}), Row({.samples = 1}, 90)));
}

TEST_F(QueueLogTest, ShowsAConnectionThatNoSampleSaw) {
  Pass({});
  log_.AddPeak(
      Peak(80, {.unread = 700, .send_queue = 3, .received_bytes = 900, .written_bytes = 5}));
  EXPECT_THAT(log_.Take(),
              ElementsAre(Row(
                  {.receive_peak = 700, .receive_total = 900, .send_peak = 3, .send_total = 5})));
  EXPECT_THAT(log_.Take(), IsEmpty());
}

TEST_F(QueueLogTest, TellsTwoConnectionsBetweenTheSameEndsApart) {
  Pass({{.cookie = 1, .received = 500}});
  log_.Take();
  Pass({{.cookie = 2, .received = 70}});
  EXPECT_THAT(log_.Take(), ElementsAre(Row({.receive_total = 70, .samples = 1})));
}

TEST_F(QueueLogTest, NeverGoesBackwardsWhenAClosingSocketLosesItsDetails) {
  Pass({{.received = 100, .sent = 100}});
  Pass({{.received = 150, .sent = 150}});
  Pass({{.received = 0, .sent = 0}});
  EXPECT_THAT(log_.Take(), ElementsAre(Row({.receive_total = 50, .send_total = 50, .samples = 3})));
}

}  // namespace
}  // namespace netstack
