#include "collectors/sockets/top_sockets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/tcp.h>

#include "collectors/sock_diag_test_host.h"
#include "collectors/sockets/port_groups.h"
#include "collectors/sockets/walk.h"

namespace netstack::sockets {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::uint8_t kEstablished = 1;

std::vector<std::uint32_t> QueuesOf(TopSockets& top) {
  std::vector<std::uint32_t> queues;
  for (const Offender& offender : top.Sorted()) queues.push_back(offender.queued);
  return queues;
}

void Offer(TopSockets& top, std::initializer_list<std::uint32_t> queues) {
  for (const std::uint32_t queued : queues) {
    if (top.Takes(queued)) top.Add({.queued = queued});
  }
}

TEST(TopSockets, KeepsThoseWithTheMostBytes) {
  TopSockets top(3);
  Offer(top, {5, 1, 0, 9, 7, 2, 8, 8});
  EXPECT_THAT(QueuesOf(top), ElementsAre(9, 8, 8));
  top.Clear();
  Offer(top, {0, 4, 0});
  EXPECT_THAT(QueuesOf(top), ElementsAre(4)) << "an empty queue is no offence";
}

TEST(TopSockets, RefusesWhatHasNoPlaceWithoutALook) {
  TopSockets top(2);
  Offer(top, {5, 6});
  EXPECT_FALSE(top.Takes(5)) << "the first come stays";
  EXPECT_TRUE(top.Takes(6));
  TopSockets none(0);
  EXPECT_FALSE(none.Takes(UINT32_MAX));
}

TEST(OffenderBoard, HasNothingBeforeTheFirstWalkAndThenTheLast) {
  OffenderBoard board;
  EXPECT_FALSE(board.Latest());
  board.Publish({.sockets = 1, .receive = {{.queued = 3}}});
  board.Publish({.sockets = 2, .truncated = true, .transmit = {{.queued = 4}}});
  const auto latest = board.Latest();
  ASSERT_TRUE(latest);
  EXPECT_EQ(latest->sockets, 2u);
  EXPECT_TRUE(latest->truncated);
  EXPECT_THAT(latest->receive, IsEmpty());
  EXPECT_THAT(latest->transmit, ElementsAre(Offender{.queued = 4}));
}

// A connection with memory and details.
MadeSocket Connection(const std::string& address, std::uint32_t unread, std::uint32_t unsent) {
  tcp_info info = {};
  info.tcpi_rtt = 2000;
  MadeSocket made = {.state = kEstablished,
                     .address = address,
                     .port = 80,
                     .remote_address = address,
                     .remote_port = 4000,
                     .receive_queue = unread,
                     .transmit_queue = unsent};
  made.memory[SK_MEMINFO_RMEM_ALLOC] = 50;
  made.memory[SK_MEMINFO_RCVBUF] = 100;
  made.memory[SK_MEMINFO_WMEM_QUEUED] = 30;
  made.memory[SK_MEMINFO_SNDBUF] = 40;
  const auto bytes = std::as_bytes(std::span(&info, 1));
  made.info.assign(bytes.begin(), bytes.end());
  return made;
}

TEST(WalkOffenders, AreToldByDirectionWithWhatIsKnownOfThem) {
  MadeSockDiag made;
  made.messages[{0, 0}] = {Message(Connection("10.0.0.1", 7, 0)), Message({.receive_queue = 99}),
                           Message(Connection("2001:db8::1", 0, 8)),
                           Message(Connection("10.0.0.2", 6, 9))};
  Walk walk({.most_offenders = 1}, std::make_unique<PortGroups>(PortSet(), 20));
  const auto port = made.Open(0);
  ASSERT_TRUE(walk.Run(**port));
  Offender reader = {.ip_version = 4,
                     .state = kEstablished,
                     .local_port = 80,
                     .remote_port = 4000,
                     .queued = 7,
                     .memory = 50,
                     .limit = 100,
                     .rtt_us = 2000};
  reader.local_address = {std::byte{10}, std::byte{0}, std::byte{0}, std::byte{1}};
  reader.remote_address = reader.local_address;
  EXPECT_THAT(walk.offenders_receive(), ElementsAre(reader)) << "a listener is none";
  Offender writer = reader;
  writer.queued = 9;
  writer.memory = 30;
  writer.limit = 40;
  writer.local_address[3] = writer.remote_address[3] = std::byte{2};
  EXPECT_THAT(walk.offenders_transmit(), ElementsAre(writer));
}

}  // namespace
}  // namespace netstack::sockets
