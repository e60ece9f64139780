// Listeners of this test's own in the real kernel; needs no privilege.
#include <gtest/gtest.h>

#include <sstream>

#include "collectors/listeners/families.h"
#include "collectors/loopback_test_sockets.h"
#include "collectors/sock_diag_test_host.h"

namespace netstack::listeners {

extern const CollectorDeclaration kCollector;

namespace {

constexpr std::chrono::milliseconds kSoon(200);

class ListenersKernelTest : public testing::TestWithParam<int> {
 protected:
  ListenersKernelTest() {
    host_.UseTheRealKernel();
    address_ = GetParam() == 4 ? LoopbackAddress::V4() : LoopbackAddress::V6();
  }
  void SetUp() override {
    listener_ = LoopbackSocket(address_.family(), SOCK_STREAM);
    if (!address_.Bind(listener_)) GTEST_SKIP() << "no loopback address of this IP version";
    ASSERT_EQ(listen(listener_.fd(), kBacklog), 0);
    if (host_.Collect().state == CollectorState::kAbsent) GTEST_SKIP() << "no tcp_diag";
  }

  // The number of this test's own listener.
  double Value(FamilyIndex index) {
    double value = -1;
    EXPECT_EQ(host_.Collect().state, CollectorState::kOk);
    host_.samples.ForEach(index, [&](const Samples::View& view) {
      if (view.Label(0) == address_.text() && view.Label(1) == std::to_string(address_.port())) {
        value = view.value().AsDouble();
      }
    });
    return value;
  }

  static constexpr int kBacklog = 4;
  SockDiagHost host_{kCollector};
  LoopbackAddress address_ = LoopbackAddress::V4();
  LoopbackSocket listener_;
};

TEST_P(ListenersKernelTest, FollowsTheAcceptQueueToItsLimitAndPast) {
  std::vector<LoopbackSocket> clients;
  EXPECT_EQ(Value(kQueue), 0);
  EXPECT_EQ(Value(kLimit), kBacklog);
  for (int i = 0; i < kBacklog; ++i) clients.push_back(ConnectTo(address_, kSoon));
  EXPECT_TRUE(Eventually([&] { return Value(kQueue) == kBacklog; }));
  EXPECT_EQ(Value(kFill), 1);
  clients.push_back(ConnectTo(address_, kSoon));
  EXPECT_TRUE(Eventually([&] { return Value(kQueue) == kBacklog + 1; }))
      << "a queue holds one more than its limit";
  EXPECT_EQ(Value(kFill), 1.25);
  EXPECT_EQ(Value(kDrops), 0);
  clients.push_back(ConnectTo(address_, kSoon));
  EXPECT_TRUE(Eventually([&] { return Value(kDrops) >= 1; })) << "one too many";
  EXPECT_EQ(Value(kQueue), kBacklog + 1);
  const LoopbackSocket accepted(accept(listener_.fd(), nullptr, nullptr));
  EXPECT_LE(Value(kQueue), kBacklog + 1);
}

TEST_P(ListenersKernelTest, AgreesWithSs) {
  std::vector<LoopbackSocket> clients;
  for (int i = 0; i < 3; ++i) clients.push_back(ConnectTo(address_, kSoon));
  ASSERT_TRUE(Eventually([&] { return Value(kQueue) == 3; }));
  const auto lines = LinesOf("ss -ltnmHO 'sport = :" + std::to_string(address_.port()) + "'");
  if (lines.empty()) GTEST_SKIP() << "no ss";
  bool found = false;
  for (const std::string& line : lines) {
    if (line.find(address_.text()) == std::string::npos) continue;
    std::istringstream words(line);
    std::string state;
    double length = 0;
    double limit = 0;
    words >> state >> length >> limit;
    EXPECT_EQ(Value(kQueue), length);
    EXPECT_EQ(Value(kLimit), limit);
    found = true;
  }
  EXPECT_TRUE(found);
}

TEST_P(ListenersKernelTest, SumsWorkersOfOnePort) {
  const int on = 1;
  LoopbackAddress shared = GetParam() == 4 ? LoopbackAddress::V4() : LoopbackAddress::V6();
  std::vector<LoopbackSocket> workers;
  for (int i = 0; i < 3; ++i) {
    workers.emplace_back(shared.family(), SOCK_STREAM);
    ASSERT_EQ(setsockopt(workers.back().fd(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on), 0);
    ASSERT_TRUE(shared.Bind(workers.back()));
    ASSERT_EQ(listen(workers.back().fd(), 10), 0);
  }
  address_ = shared;
  std::vector<LoopbackSocket> clients;
  for (int i = 0; i < 6; ++i) clients.push_back(ConnectTo(address_, kSoon));
  EXPECT_TRUE(Eventually([&] { return Value(kQueue) == 6; }));
  EXPECT_EQ(Value(kLimit), 30);
  EXPECT_EQ(Value(kSockets), 3);
  EXPECT_GE(Value(kFill), 0.2);
}

INSTANTIATE_TEST_SUITE_P(IpVersions, ListenersKernelTest, testing::Values(4, 6),
                         [](const auto& test) { return "Ipv" + std::to_string(test.param); });

}  // namespace
}  // namespace netstack::listeners
