// A walk over sockets of this test's own, alone in a network namespace, against what ss says.
#include <gtest/gtest.h>
#include <netinet/tcp.h>

#include <cmath>
#include <map>
#include <sstream>

#include "collectors/loopback_test_sockets.h"
#include "collectors/sock_diag_test_host.h"
#include "collectors/sockets/families.h"

namespace netstack::sockets {

extern const CollectorDeclaration kCollector;

namespace {

// What ss -tinmaH -O says, added up.
struct SsSums {
  std::map<std::string, double> states;
  double connections = 0;
  double unread = 0;
  double transmit_queue = 0;
  double unsent = 0;
  double congestion_window = 0;
  double receive_ratio = 0;
  double transmit_ratio = 0;
  double rtt_milliseconds = 0;
};

double NumberAfter(const std::string& line, const std::string& name) {
  const std::size_t at = line.find(name);
  return at == std::string::npos ? 0 : std::strtod(line.c_str() + at + name.size(), nullptr);
}

SsSums AskSs() {
  SsSums sums;
  for (const std::string& line : LinesOf("ss -tinmaHO")) {
    std::istringstream words(line);
    std::string state;
    double receive = 0;
    double transmit = 0;
    words >> state >> receive >> transmit;
    ++sums.states[state];
    if (state == "LISTEN" || line.find("skmem:") == std::string::npos) continue;
    ++sums.connections;
    sums.unread += receive;
    sums.transmit_queue += transmit;
    sums.unsent += NumberAfter(line, " notsent:");
    sums.congestion_window += NumberAfter(line, " cwnd:");
    sums.rtt_milliseconds += NumberAfter(line, " rtt:");
    sums.receive_ratio += NumberAfter(line, "skmem:(r") / NumberAfter(line, ",rb");
    sums.transmit_ratio += NumberAfter(line, ",w") / NumberAfter(line, ",tb");
  }
  return sums;
}

class SocketsKernelTest : public testing::Test {
 protected:
  SocketsKernelTest() {
    host_.UseTheRealKernel();
    host_.SetOption("min-interval", "0s");
  }

  double Sum(Quantity quantity) { return PartOf(quantity, Part::kSum); }
  double PartOf(Quantity quantity, Part part) {
    double value = -1;
    host_.samples.ForEach(static_cast<std::size_t>(quantity), [&](const Samples::View& view) {
      if (view.part() == part) value = view.value().AsDouble();
    });
    return value;
  }
  double Value(FamilyIndex index, std::string_view label = {}) {
    double value = 0;
    host_.samples.ForEach(index, [&](const Samples::View& view) {
      if (label.empty() || view.Label(0) == label) value += view.value().AsDouble();
    });
    return value;
  }

  // A listener with `count` connections, the first with data unread, the second writing into a
  // closed window.
  void Open(LoopbackAddress& address, int count) {
    sockets_.emplace_back(address.family(), SOCK_STREAM);
    const int listener = sockets_.back().fd();
    ASSERT_TRUE(address.Bind(sockets_.back()));
    ASSERT_EQ(listen(listener, 16), 0);
    for (int i = 0; i < count; ++i) {
      sockets_.push_back(ConnectTo(address, std::chrono::seconds(5)));
      sockets_.emplace_back(accept(listener, nullptr, nullptr));
    }
    const int first = sockets_[sockets_.size() - 2].fd();
    ASSERT_EQ(send(first, "hello", 5, 0), 5);
    const std::string much(65536, 'x');
    const int second = sockets_[sockets_.size() - 4].fd();
    for (int i = 0; i < 1000; ++i) {
      pollfd wait = {.fd = second, .events = POLLOUT, .revents = 0};
      if (poll(&wait, 1, 300) == 0) break;  // Nothing was acknowledged for long: it is closed.
      (void)!send(second, much.data(), much.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    }
  }

  SockDiagHost host_{kCollector};
  std::vector<LoopbackSocket> sockets_;
};

TEST_F(SocketsKernelTest, AgreesWithSsOnAStableSetOfBothIpVersions) {
  Alone([&] {
    LoopbackAddress four = LoopbackAddress::V4();
    LoopbackAddress six = LoopbackAddress::V6();
    host_.SetOption("ports-out", "1-65535");
    Open(four, 4);
    Open(six, 3);
    sockets_.erase(sockets_.begin() + 1);  // A client closes: CLOSE_WAIT and FIN_WAIT2.
    SsSums ss = AskSs();
    if (ss.states.empty()) GTEST_SKIP() << "no ss";
    ASSERT_TRUE(Eventually([&] {
      ss = AskSs();
      return ss.states["FIN-WAIT-2"] == 1;
    }));
    ASSERT_EQ(host_.Collect().state, CollectorState::kOk);
    EXPECT_EQ(ss.connections, 13) << "without the one that nobody holds";
    EXPECT_EQ(Value(kTcp, "listen"), ss.states["LISTEN"]);
    EXPECT_EQ(Value(kTcp, "established"), ss.states["ESTAB"]);
    EXPECT_EQ(Value(kTcp, "close_wait"), ss.states["CLOSE-WAIT"]);
    EXPECT_EQ(Value(kTcp, "fin_wait2"), ss.states["FIN-WAIT-2"]);
    EXPECT_EQ(Sum(Quantity::kUnread), ss.unread);
    EXPECT_GT(ss.unread, 100000) << "of the closed window";
    EXPECT_EQ(Sum(Quantity::kUnsent) + Sum(Quantity::kUnacknowledged), ss.transmit_queue);
    EXPECT_EQ(Sum(Quantity::kUnsent), ss.unsent);
    EXPECT_GT(ss.unsent, 0);
    EXPECT_EQ(Sum(Quantity::kCongestionWindow), ss.congestion_window);
    EXPECT_NEAR(Sum(Quantity::kReceiveMemory), ss.receive_ratio, 1e-9);
    EXPECT_NEAR(Sum(Quantity::kTransmitMemory), ss.transmit_ratio, 1e-9);
    EXPECT_NEAR(Sum(Quantity::kRtt) * 1000, ss.rtt_milliseconds, 0.01);
    EXPECT_EQ(PartOf(Quantity::kUnread, Part::kCount), 13);
    EXPECT_EQ(Value(kGroupUnread), ss.unread);
    EXPECT_EQ(Value(kGroupTransmit), ss.transmit_queue);
    EXPECT_GT(Value(kReceiveWindowLimited), 0);
    EXPECT_LE(Value(kReceiveWindowLimited), Value(kBusy));
  });
}

TEST_F(SocketsKernelTest, CountsTheSynQueueByListener) {
  Alone([&] {
    LoopbackAddress address = LoopbackAddress::V4();
    sockets_.emplace_back(AF_INET, SOCK_STREAM);
    // Final ACKs without data are not taken: the requests stay where they are.
    const int seconds = 30;
    ASSERT_EQ(setsockopt(sockets_[0].fd(), IPPROTO_TCP, TCP_DEFER_ACCEPT, &seconds, sizeof seconds),
              0);
    ASSERT_TRUE(address.Bind(sockets_[0]));
    ASSERT_EQ(listen(sockets_[0].fd(), 16), 0);
    for (int i = 0; i < 3; ++i) sockets_.push_back(ConnectTo(address, std::chrono::seconds(5)));
    ASSERT_EQ(host_.Collect().state, CollectorState::kOk);
    EXPECT_EQ(Value(kSynQueue, address.text()), 3);
    EXPECT_EQ(Value(kTcp, "syn_recv"), 3);
    EXPECT_EQ(Value(kTcp, "established"), 3) << "the clients";
    EXPECT_EQ(Value(kGroupConnections, "in:" + std::to_string(address.port())), 0);
    EXPECT_EQ(Value(kGroupConnections, "other"), 3);
  });
}

}  // namespace
}  // namespace netstack::sockets
