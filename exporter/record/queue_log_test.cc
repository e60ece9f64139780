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

// A connection as sock_diag tells it.
struct Connection {
  std::uint64_t cookie = 1;
  std::uint16_t port = 80;
  std::uint32_t unread = 0;
  std::uint32_t unsent = 0;
  std::uint64_t received = 0;
  std::uint64_t acknowledged = 0;
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
    info.tcpi_bytes_acked = connection.acknowledged;
    log_.Add({.family = AF_INET,
              .state = TCP_ESTABLISHED,
              .local_port = connection.port,
              .remote_port = 4000,
              .cookie = connection.cookie,
              .receive_queue = connection.unread,
              .transmit_queue = connection.unsent,
              .info = std::as_bytes(std::span(&info, 1))});
  }
  static QueueRow Row(const QueueRow& numbers, std::uint16_t port = 80) {
    QueueRow row = numbers;
    row.family = AF_INET;
    row.local_port = port;
    row.remote_port = 4000;
    return row;
  }
  static constexpr std::uint8_t TCP_ESTABLISHED = 1;

  QueueLog log_;
};

TEST_F(QueueLogTest, KeepsThePeakOfAllSamplesOfAnInterval) {
  Pass({{.unread = 10, .unsent = 1}});
  Pass({{.unread = 500, .unsent = 7, .received = 490}});
  Pass({{.unread = 20, .unsent = 0, .received = 490, .acknowledged = 7}});
  EXPECT_THAT(log_.Take(), ElementsAre(Row({.receive_peak = 500,
                                            .receive_total = 490,
                                            .send_peak = 7,
                                            .send_total = 6,
                                            .samples = 3})));
  Pass({{.unread = 20, .received = 490, .acknowledged = 7}});
  EXPECT_THAT(log_.Take(), ElementsAre(Row({.receive_peak = 20, .samples = 1})));
}

TEST_F(QueueLogTest, CountsAConnectionThatBeganMeanwhileFromItsBegin) {
  Pass({});
  Pass({{.unread = 5, .unsent = 3, .received = 100, .acknowledged = 40}});
  EXPECT_THAT(log_.Take(), ElementsAre(Row({.receive_peak = 5,
                                            .receive_total = 100,
                                            .send_peak = 3,
                                            .send_total = 43,
                                            .samples = 1})));
}

TEST_F(QueueLogTest, CountsNothingFromBeforeTheRecording) {
  Pass({{.received = 1'000'000, .acknowledged = 1'000'000}});
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

TEST_F(QueueLogTest, NeverGoesBackwardsWhenAClosingSocketLosesItsDetails) {
  Pass({{.received = 100, .acknowledged = 100}});
  Pass({{.received = 150, .acknowledged = 150}});
  Pass({{.received = 0, .acknowledged = 0}});
  EXPECT_THAT(log_.Take(), ElementsAre(Row({.receive_total = 50, .send_total = 50, .samples = 3})));
}

}  // namespace
}  // namespace netstack
