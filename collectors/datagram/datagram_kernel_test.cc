// Sockets of this test's own in the real kernel; needs no privilege.
#include <gtest/gtest.h>

#include "collectors/datagram/families.h"
#include "collectors/loopback_test_sockets.h"
#include "collectors/sock_diag_test_host.h"

namespace netstack::datagram {

extern const CollectorDeclaration kCollector;

namespace {

class DatagramKernelTest : public testing::TestWithParam<int> {
 protected:
  DatagramKernelTest() {
    host_.UseTheRealKernel();
    address_ = GetParam() == 4 ? LoopbackAddress::V4() : LoopbackAddress::V6();
  }
  void SetUp() override {
    reader_ = LoopbackSocket(address_.family(), SOCK_DGRAM);
    if (!address_.Bind(reader_)) GTEST_SKIP() << "no loopback address of this IP version";
    host_.SetOption("ports", std::to_string(address_.port()));
    if (host_.Collect().state == CollectorState::kAbsent) GTEST_SKIP() << "no udp_diag";
  }
  double Value(FamilyIndex index) {
    double value = -1;
    host_.Collect();
    const std::string version = std::to_string(GetParam());
    host_.samples.ForEach(index, [&](const Samples::View& view) {
      if (view.Label(0) == "udp" && view.Label(1) == std::to_string(address_.port()) &&
          view.Label(2) == version) {
        value = view.value().AsDouble();
      }
    });
    return value;
  }

  SockDiagHost host_{kCollector};
  LoopbackAddress address_ = LoopbackAddress::V4();
  LoopbackSocket reader_;
};

TEST_P(DatagramKernelTest, CountsWhatAFullReceiveBufferLoses) {
  const int small = 4096;
  ASSERT_EQ(setsockopt(reader_.fd(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small), 0);
  EXPECT_EQ(Value(kQueue), 0);
  EXPECT_EQ(Value(kDrops), 0);
  const LoopbackSocket sender(address_.family(), SOCK_DGRAM);
  ASSERT_EQ(address_.Connect(sender), 0);
  constexpr int kSent = 100;
  const std::array<char, 500> datagram = {};
  for (int i = 0; i < kSent; ++i) {
    ASSERT_EQ(send(sender.fd(), datagram.data(), datagram.size(), 0), 500);
  }
  EXPECT_EQ(Value(kLimit), 8192) << "the kernel doubles what is asked for";
  EXPECT_GT(Value(kQueue), 0);
  EXPECT_GT(Value(kFill), 0.5);
  int read = 0;
  std::array<char, 500> buffer;
  const double drops = Value(kDrops);
  while (recv(reader_.fd(), buffer.data(), buffer.size(), MSG_DONTWAIT) > 0) ++read;
  EXPECT_EQ(drops, kSent - read) << "each is either read or counted";
  EXPECT_GT(drops, 0);
  EXPECT_EQ(Value(kQueue), 0);
}

TEST_P(DatagramKernelTest, AgreesWithSs) {
  const LoopbackSocket sender(address_.family(), SOCK_DGRAM);
  ASSERT_EQ(address_.Connect(sender), 0);
  ASSERT_EQ(send(sender.fd(), "hello", 5, 0), 5);
  const auto lines = LinesOf("ss -uanmHO 'sport = :" + std::to_string(address_.port()) + "'");
  if (lines.empty()) GTEST_SKIP() << "no ss";
  const auto number = [](double value) { return std::to_string(static_cast<long>(value)); };
  const std::string memory =
      "skmem:(r" + number(Value(kQueue)) + ",rb" + number(Value(kLimit)) + ",";
  bool found = false;
  for (const std::string& line : lines) found |= line.find(memory) != std::string::npos;
  EXPECT_TRUE(found) << memory << " in " << lines[0];
}

INSTANTIATE_TEST_SUITE_P(IpVersions, DatagramKernelTest, testing::Values(4, 6),
                         [](const auto& test) { return "Ipv" + std::to_string(test.param); });

}  // namespace
}  // namespace netstack::datagram
