// Connections of this test's own in every state that TCP has, alone in a network namespace: counts,
// sums and every bucket of the distributions against what ss says of each socket, from each source.
#include <gtest/gtest.h>
#include <netinet/tcp.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <sstream>

#include "collectors/loopback_test_sockets.h"
#include "collectors/sock_diag_test_host.h"
#include "collectors/sockets/families.h"
#include "kernel/bpf/host.h"
#include "kernel/bpf/tcp_sockets.h"

namespace netstack::sockets {

extern const CollectorDeclaration kCollector;

namespace {

constexpr std::chrono::milliseconds kPatience(2000);

double NumberAfter(const std::string& line, const std::string& name) {
  const std::size_t at = line.find(name);
  return at == std::string::npos ? 0 : std::strtod(line.c_str() + at + name.size(), nullptr);
}

// What ss says of all sockets: how many are in each state, and the values of each quantity.
struct SsValues {
  std::map<std::string, double> states;
  std::array<std::vector<double>, kQuantities> values;
  bool operator==(const SsValues&) const = default;

  void Add(Quantity quantity, double value) {
    values[static_cast<std::size_t>(quantity)].push_back(value);
  }
};

void AddConnection(const std::string& line, double unread, double queued, SsValues& out) {
  const double unsent = NumberAfter(line, " notsent:");
  out.Add(Quantity::kUnread, unread);
  out.Add(Quantity::kUnsent, unsent);
  out.Add(Quantity::kUnacknowledged, queued - unsent);
  out.Add(Quantity::kReceiveMemory, NumberAfter(line, "skmem:(r") / NumberAfter(line, ",rb"));
  out.Add(Quantity::kTransmitMemory, NumberAfter(line, ",w") / NumberAfter(line, ",tb"));
  if (const double rtt = NumberAfter(line, " rtt:"); rtt > 0) out.Add(Quantity::kRtt, rtt / 1000);
  const std::size_t retransmitted = line.find(" retrans:");
  out.Add(Quantity::kRetransmitted,
          retransmitted == std::string::npos ? 0 : NumberAfter(line.substr(retransmitted), "/"));
  out.Add(Quantity::kCongestionWindow, NumberAfter(line, " cwnd:"));
}

SsValues AskSs() {
  SsValues out;
  for (const std::string& line : LinesOf("ss -tinmaHO")) {
    std::istringstream words(line);
    std::string state;
    double unread = 0;
    double queued = 0;
    words >> state >> unread >> queued;
    ++out.states[state];
    if (state != "LISTEN" && line.find("skmem:") != std::string::npos) {
      AddConnection(line, unread, queued, out);
    }
  }
  return out;
}

class AllStates {
 public:
  // Opens connections over `address` that stay in every state but CLOSE.
  void Open(LoopbackAddress address, LoopbackAddress full, LoopbackAddress deferred) {
    Listen(address, 16);
    Connect(address);                           // ESTABLISHED, twice.
    shutdown(Connect(address).first, SHUT_WR);  // FIN_WAIT2 and CLOSE_WAIT.
    const auto closing = Fill(Connect(address));
    shutdown(closing.first, SHUT_WR);                 // FIN_WAIT1: the FIN waits behind the data...
    shutdown(closing.second, SHUT_WR);                // ...and CLOSING on both sides.
    shutdown(Fill(Connect(address)).first, SHUT_WR);  // FIN_WAIT1, and ESTABLISHED.
    const auto last = Fill(Connect(address));
    shutdown(last.second, SHUT_WR);  // CLOSE_WAIT and FIN_WAIT2...
    shutdown(last.first, SHUT_WR);   // ...and LAST_ACK.
    const auto gone = Connect(address);
    shutdown(gone.first, SHUT_WR);
    shutdown(gone.second, SHUT_WR);  // TIME_WAIT.
    Listen(full, 0);
    sockets_.push_back(ConnectTo(full, kPatience));                      // Waits to be accepted.
    sockets_.push_back(ConnectTo(full, std::chrono::milliseconds(50)));  // SYN_SENT.
    Listen(deferred, 16);
    const int seconds = 60;
    setsockopt(sockets_.back().fd(), IPPROTO_TCP, TCP_DEFER_ACCEPT, &seconds, sizeof seconds);
    sockets_.push_back(ConnectTo(deferred, kPatience));  // SYN_RECV, and ESTABLISHED.
  }

 private:
  using Pair = std::pair<int, int>;

  void Listen(LoopbackAddress& address, int backlog) {
    sockets_.emplace_back(address.family(), SOCK_STREAM);
    ASSERT_TRUE(address.Bind(sockets_.back()));
    ASSERT_EQ(listen(sockets_.back().fd(), backlog), 0);
    listener_ = backlog == 0 ? listener_ : sockets_.back().fd();
  }
  // Both ends.
  Pair Connect(const LoopbackAddress& address) {
    sockets_.push_back(ConnectTo(address, kPatience));
    const int client = sockets_.back().fd();
    sockets_.emplace_back(accept(listener_, nullptr, nullptr));
    return {client, sockets_.back().fd()};
  }
  // Until the window is closed and the send buffer full.
  static Pair Fill(Pair ends) {
    const std::string much(65536, 'x');
    for (int i = 0; i < 1000; ++i) {
      pollfd wait = {.fd = ends.first, .events = POLLOUT, .revents = 0};
      if (poll(&wait, 1, 300) == 0) break;
      (void)!send(ends.first, much.data(), much.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    }
    return ends;
  }

  int listener_ = -1;
  std::vector<LoopbackSocket> sockets_;
};

// The iterator of eBPF, where this machine allows it.
class Programs {
 public:
  Programs() : host_(MakeBpfHost()) {
    host_->Use([](std::string_view collector, std::string_view) { return collector == "sockets"; });
  }
  bool Run() const { return host_->tcp_sockets() != nullptr; }
  void UseIn(SockDiagHost& host) {
    host.SetBpf(*host_);
    host.SetOption("source", "ebpf");
  }

 private:
  std::unique_ptr<BpfHost> host_;
};

double ValueOf(const SockDiagHost& host, FamilyIndex family) {
  double value = 0;
  host.samples.ForEach(family, [&](const auto& view) { value += view.value().AsDouble(); });
  return value;
}

class AllStatesKernelTest : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    host_.UseTheRealKernel();
    host_.SetOption("min-interval", "0s");
    if (GetParam() == std::string_view("sock_diag")) return;
    if (!programs_.Run()) GTEST_SKIP() << "no eBPF iterator is allowed here";
    programs_.UseIn(host_);
  }

  double State(std::string_view state) {
    double value = 0;
    host_.samples.ForEach(kTcp, [&](const Samples::View& view) {
      if (view.Label(0) == state) value += view.value().AsDouble();
    });
    return value;
  }

  void ExpectDistribution(Quantity quantity, const std::vector<double>& values) {
    const auto index = static_cast<std::size_t>(quantity);
    double sum = 0;
    for (const double value : values) sum += value;
    host_.samples.ForEach(index, [&](const Samples::View& view) {
      const double shown = view.value().AsDouble();
      if (view.part() == Part::kSum) {
        EXPECT_NEAR(shown, sum, 1e-9 * std::max(1.0, sum)) << kFamilies[index].name;
      } else if (view.part() == Part::kCount) {
        EXPECT_EQ(shown, values.size()) << kFamilies[index].name;
      } else {
        const std::string le(view.Label(0));
        const double bound = le == "+Inf" ? HUGE_VAL : std::strtod(le.c_str(), nullptr);
        EXPECT_EQ(shown, std::ranges::count_if(values, [&](double v) { return v <= bound; }))
            << kFamilies[index].name << " le " << le;
      }
    });
  }

  Programs programs_;
  SockDiagHost host_{kCollector};
};

TEST_P(AllStatesKernelTest, AreCountedAndSpreadAsSsSays) {
  Alone([&] {
    AllStates four;
    AllStates six;
    four.Open(LoopbackAddress::V4(), LoopbackAddress::V4(), LoopbackAddress::V4());
    six.Open(LoopbackAddress::V6(), LoopbackAddress::V6(), LoopbackAddress::V6());
    SsValues ss = AskSs();
    if (ss.states.empty()) GTEST_SKIP() << "no ss";
    // Timers go on; what is compared was the same before and after the walk.
    ASSERT_TRUE(Eventually([&] {
      ss = AskSs();
      return host_.Collect().state == CollectorState::kOk && AskSs() == ss;
    }));
    for (const auto& [shown, by_ss, least] :
         {std::tuple("established", "ESTAB", 10), std::tuple("syn_sent", "SYN-SENT", 2),
          std::tuple("syn_recv", "SYN-RECV", 2), std::tuple("fin_wait1", "FIN-WAIT-1", 2),
          std::tuple("fin_wait2", "FIN-WAIT-2", 2), std::tuple("time_wait", "TIME-WAIT", 2),
          std::tuple("close_wait", "CLOSE-WAIT", 2), std::tuple("last_ack", "LAST-ACK", 2),
          std::tuple("closing", "CLOSING", 2), std::tuple("listen", "LISTEN", 6)}) {
      EXPECT_EQ(State(shown), ss.states[by_ss]) << shown;
      EXPECT_GE(ss.states[by_ss], least) << "the test is to have some in " << by_ss;
    }
    for (std::size_t i = 0; i < kQuantities; ++i) {
      ExpectDistribution(static_cast<Quantity>(i), ss.values[i]);
    }
    EXPECT_GE(ss.values[0].size(), 20u);
    host_.samples.ForEach(kWalkInfo,
                          [](const Samples::View& view) { EXPECT_EQ(view.Label(0), GetParam()); });
  });
}

INSTANTIATE_TEST_SUITE_P(Sources, AllStatesKernelTest, testing::Values("sock_diag", "ebpf"),
                         [](const auto& tested) { return std::string(tested.param); });

// The rest of what the iterator tells, for which ss is no measure.
class IteratorKernelTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!programs_.Run()) GTEST_SKIP() << "no eBPF iterator is allowed here";
    programs_.UseIn(iterator_);
    for (SockDiagHost* host : {&iterator_, &sock_diag_}) host->UseTheRealKernel();
  }

  Programs programs_;
  SockDiagHost iterator_{kCollector};
  SockDiagHost sock_diag_{kCollector};
};

TEST_F(IteratorKernelTest, AddsUpTheTimesThatSockDiagAddsUp) {
  Alone([&] {
    for (SockDiagHost* host : {&iterator_, &sock_diag_}) host->SetOption("min-interval", "0s");
    AllStates sockets;
    sockets.Open(LoopbackAddress::V4(), LoopbackAddress::V4(), LoopbackAddress::V4());
    // The times go on: what is between two of the one's is right.
    const auto ask = [](SockDiagHost& host) {
      EXPECT_EQ(host.Collect().state, CollectorState::kOk);
      return std::array{ValueOf(host, kBusy), ValueOf(host, kReceiveWindowLimited),
                        ValueOf(host, kSendBufferLimited)};
    };
    const auto before = ask(sock_diag_);
    const auto between = ask(iterator_);
    const auto after = ask(sock_diag_);
    EXPECT_GT(before[1], 0.3) << "the test is to have connections whose window is closed";
    for (std::size_t i = 0; i < before.size(); ++i) {
      EXPECT_LE(before[i], between[i] + 1e-9) << i;
      EXPECT_LE(between[i], after[i] + 1e-9) << i;
    }
  });
}

TEST_F(IteratorKernelTest, HasSynQueuesOfNowThoughTheWalkIsOld) {
  Alone([&] {
    iterator_.SetOption("min-interval", "1h");
    LoopbackAddress address = LoopbackAddress::V6();
    LoopbackSocket listener(AF_INET6, SOCK_STREAM);
    // Final ACKs without data are not taken: the requests stay where they are.
    const int seconds = 30;
    ASSERT_EQ(setsockopt(listener.fd(), IPPROTO_TCP, TCP_DEFER_ACCEPT, &seconds, sizeof seconds),
              0);
    ASSERT_TRUE(address.Bind(listener));
    ASSERT_EQ(listen(listener.fd(), 16), 0);
    ASSERT_EQ(iterator_.Collect().state, CollectorState::kOk);
    EXPECT_EQ(ValueOf(iterator_, kSynQueue), 0);
    std::vector<LoopbackSocket> clients;
    for (int i = 0; i < 3; ++i) clients.push_back(ConnectTo(address, kPatience));
    ASSERT_EQ(iterator_.Collect().state, CollectorState::kOk);
    EXPECT_EQ(ValueOf(iterator_, kWalkSockets), 1) << "of the walk before they came";
    std::vector<std::string> found;
    iterator_.samples.ForEach(kSynQueue, [&](const Samples::View& view) {
      found.push_back(std::string(view.Label(0)) + " " + std::string(view.Label(1)) + " " +
                      std::string(view.Label(2)) + " " + std::to_string(view.value().integer));
    });
    EXPECT_EQ(found, std::vector{address.text() + " " + std::to_string(address.port()) + " 6 3"});
  });
}

}  // namespace
}  // namespace netstack::sockets
