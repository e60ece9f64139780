#include <gtest/gtest.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>

#include "collectors/catalog.h"
#include "collectors/listeners/families.h"
#include "collectors/sock_diag_test_host.h"

namespace netstack::listeners {

extern const CollectorDeclaration kCollector;

namespace {

using Page = std::vector<std::string>;

class ListenersTest : public testing::Test {
 protected:
  void Have(const std::vector<MadeSocket>& sockets) { host_.made.Have(IPPROTO_TCP, sockets); }
  static MadeSocket Listening(std::uint64_t cookie, std::uint32_t length, std::uint32_t limit,
                              std::uint32_t drops = 0) {
    MadeSocket made = {.cookie = cookie, .receive_queue = length, .transmit_queue = limit};
    made.memory[SK_MEMINFO_DROPS] = drops;
    return made;
  }
  SockDiagHost host_{kCollector};
};

TEST_F(ListenersTest, ShowsTheQueueOfEachAddressAndPort) {
  MadeSocket six = Listening(2, 0, 511);
  six.address = "::1";
  six.port = 443;
  Have({Listening(1, 3, 8), six});
  EXPECT_EQ(
      host_.Page(),
      (Page{
          R"(netstack_listener_accept_queue_connections{address="0.0.0.0",port="80",ip_version="4"} 3)",
          R"(netstack_listener_accept_queue_connections{address="::1",port="443",ip_version="6"} 0)",
          R"(netstack_listener_accept_queue_limit_connections{address="0.0.0.0",port="80",ip_version="4"} 8)",
          R"(netstack_listener_accept_queue_limit_connections{address="::1",port="443",ip_version="6"} 511)",
          R"(netstack_listener_accept_queue_fill_ratio{address="0.0.0.0",port="80",ip_version="4"} 0.375)",
          R"(netstack_listener_accept_queue_fill_ratio{address="::1",port="443",ip_version="6"} 0)",
          R"(netstack_listener_drops_total{address="0.0.0.0",port="80",ip_version="4"} 0)",
          R"(netstack_listener_drops_total{address="::1",port="443",ip_version="6"} 0)",
      }));
}

TEST_F(ListenersTest, SumsWorkersAndShowsTheFullest) {
  Have({Listening(1, 9, 8), Listening(2, 0, 8), Listening(3, 1, 16)});
  const Page page = host_.Page();
  const std::string labels = R"({address="0.0.0.0",port="80",ip_version="4"} )";
  EXPECT_EQ(page, (Page{"netstack_listener_accept_queue_connections" + labels + "10",
                        "netstack_listener_accept_queue_limit_connections" + labels + "32",
                        "netstack_listener_accept_queue_fill_ratio" + labels + "1.125",
                        "netstack_listener_drops_total" + labels + "0",
                        "netstack_listener_sockets" + labels + "3"}));
}

TEST_F(ListenersTest, CountsDropsOnThoughWorkersComeAndGo) {
  const auto drops = [&] {
    const Page page = host_.Page("drops_total");
    EXPECT_EQ(page.size(), 1u);
    return page.empty() ? "" : page[0].substr(page[0].rfind(' ') + 1);
  };
  Have({Listening(1, 0, 8, 100), Listening(2, 0, 8, 50)});
  EXPECT_EQ(drops(), "0") << "the past is not an increase";
  Have({Listening(1, 0, 8, 103), Listening(2, 0, 8, 54)});
  EXPECT_EQ(drops(), "7");
  Have({Listening(2, 0, 8, 55)});
  EXPECT_EQ(drops(), "8");
  Have({Listening(2, 0, 8, 55), Listening(3, 0, 8, 2)});
  EXPECT_EQ(drops(), "10") << "a new socket began at 0";
}

TEST_F(ListenersTest, KeepsWorkersApartOnRequestByANumberThatStays) {
  host_.SetOption("reuseport", "each");
  Have({Listening(1, 1, 8), Listening(2, 2, 8), Listening(3, 3, 8)});
  const auto line = [](int socket, int value) {
    return R"(netstack_listener_accept_queue_connections{address="0.0.0.0",port="80",)"
           R"(ip_version="4",socket=")" +
           std::to_string(socket) + "\"} " + std::to_string(value);
  };
  EXPECT_EQ(host_.Page("queue_connections"), (Page{line(1, 1), line(2, 2), line(3, 3)}));
  Have({Listening(2, 2, 8), Listening(3, 3, 8)});
  EXPECT_EQ(host_.Page("queue_connections"), (Page{line(2, 2), line(3, 3)}));
  Have({Listening(2, 2, 8), Listening(3, 3, 8), Listening(4, 4, 8)});
  EXPECT_EQ(host_.Page("queue_connections"), (Page{line(1, 4), line(2, 2), line(3, 3)}));
  EXPECT_EQ(host_.Page("listener_sockets"), Page{});
}

TEST_F(ListenersTest, ShowsThePortsAskedFor) {
  std::vector<MadeSocket> sockets;
  for (const std::uint16_t port : std::to_array<std::uint16_t>({22, 80, 8000, 8001})) {
    sockets.push_back(Listening(port, 0, 8));
    sockets.back().port = port;
  }
  host_.SetOption("ports-include", "80,8000-8999");
  host_.SetOption("ports-exclude", "8001");
  Have(sockets);
  const Page page = host_.Page("queue_connections");
  ASSERT_EQ(page.size(), 2u);
  EXPECT_NE(page[0].find("port=\"80\""), std::string::npos);
  EXPECT_NE(page[1].find("port=\"8000\""), std::string::npos);
}

TEST_F(ListenersTest, SaysWhichPortIsNone) {
  host_.SetOption("ports-exclude", "http");
  const Outcome outcome = host_.Collect();
  EXPECT_EQ(outcome.state, CollectorState::kFailed);
  EXPECT_EQ(outcome.error->Describe(),
            "listeners.ports-exclude: not a port or a range of ports: 'http'");
}

TEST_F(ListenersTest, AListenerOfLimitZeroIsFullWithOneConnection) {
  Have({Listening(1, 1, 0)});
  const Page page = host_.Page("fill_ratio");
  ASSERT_EQ(page.size(), 1u);
  EXPECT_TRUE(page[0].ends_with(" 1"));
}

TEST_F(ListenersTest, TakesAnInterruptedListOnce) {
  Have({Listening(1, 4, 8)});
  host_.made.interrupt = true;
  const Page page = host_.Page("queue_connections");
  ASSERT_EQ(page.size(), 1u);
  EXPECT_TRUE(page[0].ends_with(" 4"));
}

TEST_F(ListenersTest, SaysThatAMessageWasBad) {
  Have({Listening(1, 4, 8), Listening(2, 4, 8)});
  auto& messages = host_.made.messages[{AF_INET, IPPROTO_TCP}];
  messages[0].resize(messages[0].size() - 4);
  const Outcome outcome = host_.Collect();
  EXPECT_EQ(outcome.state, CollectorState::kPartial);
  EXPECT_EQ(outcome.error->kind, ErrorKind::kMalformed);
  EXPECT_EQ(host_.samples.size(), 4u) << "the other one is shown";
}

TEST_F(ListenersTest, AFailureIsReportedAndDropsInItsTimeAreNotLost) {
  Have({Listening(1, 0, 8, 5)});
  host_.Page();
  host_.made.failures[{AF_INET6, IPPROTO_TCP}] = {.kind = ErrorKind::kTimeout};
  Have({Listening(1, 0, 8, 6), Listening(2, 0, 8, 1)});
  EXPECT_EQ(host_.Collect().state, CollectorState::kTimeout);
  host_.made.failures.clear();
  Have({Listening(1, 0, 8, 7), Listening(2, 0, 8, 1)});
  EXPECT_TRUE(host_.Page("drops_total")[0].ends_with(" 3"));
}

TEST_F(ListenersTest, DoesWithoutIpv6) {
  Have({Listening(1, 0, 8)});
  host_.made.failures[{AF_INET6, IPPROTO_TCP}] = {.kind = ErrorKind::kAbsent};
  EXPECT_EQ(host_.Page("queue_connections").size(), 1u);
  host_.made.failures[{AF_INET, IPPROTO_TCP}] = {.kind = ErrorKind::kAbsent};
  EXPECT_EQ(host_.Collect().state, CollectorState::kAbsent);
}

TEST(ListenersDeclaration, IsInTheCatalog) {
  EXPECT_EQ(std::count(Catalog().begin(), Catalog().end(), &kCollector), 1);
}

}  // namespace
}  // namespace netstack::listeners
