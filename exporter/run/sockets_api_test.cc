#include "exporter/run/sockets_api.h"

#include <gtest/gtest.h>
#include <netinet/tcp.h>

namespace netstack {
namespace {

using std::chrono::steady_clock;

TEST(OffendersJson, HasEveryMemberOfBothDirections) {
  Offender four = {.ip_version = 4,
                   .state = TCP_ESTABLISHED,
                   .local_address = {std::byte{192}, std::byte{0}, std::byte{2}},
                   .remote_address = {std::byte{10}, std::byte{0}, std::byte{0}},
                   .local_port = 443,
                   .remote_port = 40000,
                   .queued = 5,
                   .memory = 768,
                   .limit = 131072,
                   .rtt_us = 2500};
  Offender six = {.ip_version = 6, .state = TCP_CLOSE_WAIT, .queued = 4294967295, .rtt_us = 0};
  six.local_address[15] = std::byte{1};
  const OffenderReport report = {
      .at = {}, .sockets = 3, .truncated = false, .receive = {four, six}, .transmit = {six}};
  const std::string in_six =
      R"({"ip_version":6,"state":"close_wait","local_address":"::1","local_port":0,)"
      R"("remote_address":"::","remote_port":0,"queued_bytes":4294967295,"memory_bytes":0,)"
      R"("memory_limit_bytes":0,"rtt_seconds":null})";
  EXPECT_EQ(
      OffendersJson(report, steady_clock::time_point() + std::chrono::milliseconds(250)),
      R"({"status":"success","data":{"walk":{"age_seconds":0.25,"sockets":3,"truncated":false},)"
      R"("receive":[{"ip_version":4,"state":"established","local_address":"192.0.2.0",)"
      R"("local_port":443,"remote_address":"10.0.0.0","remote_port":40000,"queued_bytes":5,)"
      R"("memory_bytes":768,"memory_limit_bytes":131072,"rtt_seconds":0.0025},)" +
          in_six + R"(],"transmit":[)" + in_six + "]}}\n");
}

TEST(OffendersJson, HasNobodyOnAQuietHost) {
  EXPECT_EQ(OffendersJson({.truncated = true}, steady_clock::time_point()),
            R"({"status":"success","data":{"walk":{"age_seconds":0,"sockets":0,"truncated":true},)"
            R"("receive":[],"transmit":[]}})"
            "\n");
}

}  // namespace
}  // namespace netstack
