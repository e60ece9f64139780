#include "collectors/sockstat_file.h"

#include <gtest/gtest.h>

#include <string>

#include "kernel/file.h"

namespace netstack {
namespace {

constexpr std::string_view kPath = "/proc/net/sockstat";
constexpr std::string_view kLinux618 =
    "sockets: used 34\n"
    "TCP: inuse 8 orphan 2 tw 50529 alloc 13 mem 2812\n"
    "UDP: inuse 2 mem 3\n"
    "UDPLITE: inuse 4\n"
    "RAW: inuse 5\n"
    "FRAG: inuse 6 memory 5160\n";

std::string ErrorOf(std::string_view text) {
  Sockstat sockstat;
  const Status status = ParseSockstat(text, kPath, sockstat);
  return status ? "" : status.error().Describe();
}

TEST(SockstatFile, ReadsEveryNumber) {
  Sockstat sockstat;
  ASSERT_TRUE(ParseSockstat(kLinux618, kPath, sockstat));
  EXPECT_EQ(sockstat, (Sockstat{.sockets_used = 34,
                                .tcp_inuse = 8,
                                .tcp_orphan = 2,
                                .tcp_time_wait = 50529,
                                .tcp_allocated = 13,
                                .tcp_memory = 2812,
                                .udp_inuse = 2,
                                .udp_memory = 3,
                                .udp_lite_inuse = 4,
                                .raw_inuse = 5,
                                .frag_inuse = 6,
                                .frag_memory = 5160}));
}

TEST(SockstatFile, ReadsTheNamesOfIpv6) {
  Sockstat sockstat;
  ASSERT_TRUE(
      ParseSockstat("TCP6: inuse 1\nUDP6: inuse 2\nRAW6: inuse 3\nFRAG6: inuse 4 memory 5\n",
                    "/proc/net/sockstat6", sockstat));
  EXPECT_EQ(
      sockstat,
      (Sockstat{
          .tcp_inuse = 1, .udp_inuse = 2, .raw_inuse = 3, .frag_inuse = 4, .frag_memory = 5}));
}

TEST(SockstatFile, LeavesOutWhatTheKernelDoesNotPrintAndWhatItDoesNotKnow) {
  Sockstat sockstat;
  ASSERT_TRUE(ParseSockstat(kLinux618, kPath, sockstat));
  ASSERT_TRUE(ParseSockstat("TCP: inuse 1 shiny 2\nNEW: inuse 3\n", kPath, sockstat));
  EXPECT_EQ(sockstat, (Sockstat{.tcp_inuse = 1}));
}

TEST(SockstatFile, ReadsTheFilesOfAllKernels) {
  for (const std::string kernel :
       {"linux-5.10", "linux-6.1", "linux-6.12", "linux-6.18", "linux-7.3"}) {
    const std::string file = NETSTACK_SOURCE_DIR "/tests/hosts/" + kernel + "/proc/net/sockstat";
    const auto text = ReadFile(file);
    ASSERT_TRUE(text) << text.error().Describe();
    Sockstat sockstat;
    ASSERT_TRUE(ParseSockstat(*text, kPath, sockstat)) << kernel;
    EXPECT_TRUE(sockstat.tcp_memory && sockstat.udp_memory && sockstat.frag_memory) << kernel;
    EXPECT_EQ(sockstat.udp_lite_inuse.has_value(), kernel != "linux-7.3");
  }
}

TEST(SockstatFile, NamesPathLineAndItemOfWhatIsWrong) {
  EXPECT_EQ(ErrorOf(""), "/proc/net/sockstat line 1: nothing known in it: ''");
  EXPECT_EQ(ErrorOf("TCP:\n"), "/proc/net/sockstat line 1: nothing known in it: 'TCP:'");
  EXPECT_EQ(ErrorOf("sockets: used 1\nTCP: inuse\n"),
            "/proc/net/sockstat line 2: a name without a value: 'inuse'");
  EXPECT_EQ(ErrorOf("TCP: inuse -1\n"), "/proc/net/sockstat line 1: not a count: '-1'");
  EXPECT_EQ(ErrorOf("TCP: inuse 18446744073709551616\n"),
            "/proc/net/sockstat line 1: not a count: '18446744073709551616'");
  EXPECT_EQ(ErrorOf("\xff\xfe inuse 1\n"),
            "/proc/net/sockstat line 1: no group at the start of a line: '\\xff\\xfe'");
  EXPECT_EQ(ErrorOf("TCP: inuse 1\n\n"),
            "/proc/net/sockstat line 2: no group at the start of a line: ''");
}

TEST(SockstatFile, SurvivesTruncationAtEveryByte) {
  for (std::size_t size = 0; size < kLinux618.size(); ++size) {
    Sockstat sockstat;
    if (ParseSockstat(kLinux618.substr(0, size), kPath, sockstat)) {
      EXPECT_TRUE(sockstat.sockets_used);
    }
  }
}

}  // namespace
}  // namespace netstack
