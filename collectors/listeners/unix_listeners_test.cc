#include "collectors/listeners/unix_listeners.h"

#include <gtest/gtest.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>

#include "collectors/loopback_test_sockets.h"
#include "collectors/sock_diag_test_host.h"

namespace netstack::listeners {

extern const CollectorDeclaration kCollector;

namespace {

using namespace std::string_literals;
using Page = std::vector<std::string>;

std::string NameOf(const std::string& bytes) {
  std::string name = "of the name before";
  UnixName(std::as_bytes(std::span(bytes)), name);
  return name;
}

TEST(UnixName, IsPrintableWhateverTheBytesAre) {
  EXPECT_EQ(NameOf("/run/x.sock\0"s), "/run/x.sock");
  EXPECT_EQ(NameOf("/run/x.sock"), "/run/x.sock") << "of 108 bytes there is no end";
  EXPECT_EQ(NameOf("\0abstract\0end"s), "@abstract\\x00end");
  EXPECT_EQ(NameOf("/tmp/\xc3\xa9\xff\n\\\0"s), "/tmp/\\xc3\\xa9\\xff\\x0a\\\\");
  EXPECT_EQ(NameOf(""), "");
}

std::vector<std::byte> Answer(const std::string& name, std::uint32_t length, std::uint32_t limit) {
  unix_diag_msg header = {};
  header.udiag_family = AF_UNIX;
  header.udiag_type = SOCK_STREAM;
  const unix_diag_rqlen queue = {.udiag_rqueue = length, .udiag_wqueue = limit};
  NetlinkBuilder builder;
  builder.AddHeader(header);
  builder.AddBytes(UNIX_DIAG_NAME, std::as_bytes(std::span(name)));
  builder.AddBytes(UNIX_DIAG_RQLEN, std::as_bytes(std::span(&queue, 1)));
  return {builder.payload().begin(), builder.payload().end()};
}

class UnixListenersTest : public testing::Test {
 protected:
  UnixListenersTest() { host_.SetOption("unix", "true"); }
  std::vector<std::vector<std::byte>>& answers() { return host_.made.messages[{AF_UNIX, 0}]; }
  static std::string Line(std::string_view quantity, std::string_view name,
                          std::string_view value) {
    return "netstack_unix_listener_accept_queue_" + std::string(quantity) + "{name=\"" +
           std::string(name) + "\"} " + std::string(value);
  }
  SockDiagHost host_{kCollector};
};

TEST_F(UnixListenersTest, AreNotAskedForUnlessWanted) {
  host_.SetOption("unix", "false");
  answers() = {Answer("/a", 1, 2)};
  EXPECT_EQ(host_.Page(), Page{});
}

TEST_F(UnixListenersTest, ShowTheirQueuesByName) {
  answers() = {Answer("/b", 1, 2), Answer("\0a"s, 6, 5), Answer("/b", 3, 2)};
  EXPECT_EQ(host_.Page(),
            (Page{Line("connections", "/b", "4"), Line("connections", "@a", "6"),
                  Line("limit_connections", "/b", "4"), Line("limit_connections", "@a", "5"),
                  Line("fill_ratio", "/b", "1.5"), Line("fill_ratio", "@a", "1.2")}));
}

TEST_F(UnixListenersTest, AreBoundedAndTheRestIsOther) {
  host_.SetOption("unix-max-names", "1");
  answers() = {Answer("/c", 1, 4), Answer("/a", 2, 4), Answer("/b", 4, 4), Answer("/a", 1, 4)};
  EXPECT_EQ(host_.Page("queue_connections"),
            (Page{Line("connections", "/a", "3"), Line("connections", "other", "5")}));
}

TEST_F(UnixListenersTest, AMessageThatCannotBeUnderstoodCostsOneSocket) {
  answers() = {Answer("/a", 1, 4), Answer("/b", 2, 4), {}};
  answers()[0].resize(answers()[0].size() - 4);
  EXPECT_EQ(host_.Collect().state, CollectorState::kPartial);
  EXPECT_EQ(std::ranges::count(Lines(host_.samples), Line("connections", "/b", "2")), 1);
}

TEST_F(UnixListenersTest, FailWithoutTheOthers) {
  host_.made.failures[{AF_UNIX, 0}] = {.kind = ErrorKind::kAbsent};
  host_.made.Have(IPPROTO_TCP, {{.receive_queue = 1}});
  EXPECT_EQ(host_.Collect().state, CollectorState::kPartial);
  EXPECT_EQ(host_.samples.size(), 4u);
}

// A listener of this test's own in the real kernel.
TEST(UnixListenersKernel, FollowTheAcceptQueueToItsLimitAndPast) {
  SockDiagHost host(kCollector);
  host.UseTheRealKernel();
  host.SetOption("unix", "true");
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  const std::string name = "netstack test " + std::to_string(getpid()) + " \xff";
  std::ranges::copy(name, address.sun_path + 1);
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
  const auto* const to = reinterpret_cast<const sockaddr*>(&address);
  const LoopbackSocket listener(AF_UNIX, SOCK_STREAM);
  ASSERT_EQ(bind(listener.fd(), to, size), 0);
  ASSERT_EQ(listen(listener.fd(), 2), 0);
  const std::string shown = "@" + name.substr(0, name.size() - 1) + "\\xff\"} ";
  std::vector<LoopbackSocket> clients;
  for (int i = 0; i <= 3; ++i) {
    const Page page = host.Page(shown);
    ASSERT_EQ(page.size(), 3u) << "no unix_diag?";
    EXPECT_TRUE(page[0].ends_with(shown + std::to_string(i))) << page[0];
    EXPECT_TRUE(page[1].ends_with(shown + "2")) << page[1];
    clients.emplace_back(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK);
    const bool is_full = i == 3;  // It holds one more than its limit.
    EXPECT_EQ(connect(clients.back().fd(), to, size), is_full ? -1 : 0);
  }
}

}  // namespace
}  // namespace netstack::listeners
