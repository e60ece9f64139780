// With the programs in the kernel, where they can be loaded.
#include "kernel/bpf/socket_peaks.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <algorithm>

#include "kernel/bpf/loopback_fixture.h"

namespace netstack {
namespace {

class SocketPeaksTest : public testing::TestWithParam<int> {
 protected:
  // The row of the connection's receiving side.
  static const SocketPeak* Find(const std::vector<SocketPeak>& rows, std::uint16_t port) {
    const auto found = std::ranges::find(rows, port, &SocketPeak::local_port);
    return found == rows.end() ? nullptr : &*found;
  }
};

TEST_P(SocketPeaksTest, TellsEachIntervalsPeakAndBytesOfAConnection) {
  const LoopbackConnection connection(GetParam());
  if (!connection.is_there) GTEST_SKIP() << "no loopback of this family";
  auto peaks = SocketPeaks::Open({.ports = {connection.port}});
  if (!peaks) GTEST_SKIP() << peaks.error().Describe();
  std::vector<SocketPeak> rows;
  connection.Send(20'000);
  (*peaks)->Next(rows);
  const SocketPeak* row = Find(rows, connection.port);
  ASSERT_NE(row, nullptr);
  EXPECT_EQ(row->unread, 20'000u);
  EXPECT_EQ(row->received_bytes, 20'000u);
  EXPECT_EQ(row->local_address.back(), std::byte{1});
  EXPECT_EQ(row->remote_address, row->local_address);
  EXPECT_EQ(row->local_address[10],
            std::byte{GetParam() == AF_INET ? std::uint8_t{0xff} : std::uint8_t{0}});
  ASSERT_EQ(rows.size(), 2u) << "both ends, and nobody else";
  const SocketPeak& sender = rows[row == &rows[0] ? 1 : 0];
  EXPECT_EQ(sender.remote_port, connection.port);
  EXPECT_GT(sender.send_queue, 0u);
  EXPECT_EQ(sender.written_bytes, 20'000u);

  (*peaks)->Next(rows);
  EXPECT_TRUE(rows.empty()) << "nothing happened";

  std::vector<char> read(10'000);
  ASSERT_EQ(recv(connection.server.get(), read.data(), read.size(), 0), 10'000);
  const std::vector<char> more(5'000);
  ASSERT_EQ(send(connection.client.get(), more.data(), more.size(), 0), 5'000);
  for (int i = 0; i < 5000 && Find(rows, connection.port) == nullptr; ++i) (*peaks)->Next(rows);
  row = Find(rows, connection.port);
  ASSERT_NE(row, nullptr);
  EXPECT_EQ(row->unread, 15'000u);
  EXPECT_EQ(row->received_bytes, 25'000u);
  EXPECT_EQ((*peaks)->lost(), 0u);
}

TEST_P(SocketPeaksTest, CountsWhatFindsNoRoom) {
  const LoopbackConnection first(GetParam());
  const LoopbackConnection second(GetParam());
  if (!first.is_there || !second.is_there) GTEST_SKIP() << "no loopback of this family";
  auto peaks = SocketPeaks::Open({.ports = {first.port, second.port}, .max_sockets = 1});
  if (!peaks) GTEST_SKIP() << peaks.error().Describe();
  first.Send(1000);
  second.Send(1000);
  EXPECT_GT((*peaks)->lost(), 0u);
}

INSTANTIATE_TEST_SUITE_P(Families, SocketPeaksTest, testing::Values(AF_INET, AF_INET6),
                         [](const auto& test) { return test.param == AF_INET ? "v4" : "v6"; });

}  // namespace
}  // namespace netstack
