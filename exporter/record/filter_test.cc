#include "exporter/record/filter.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <string>

namespace netstack {
namespace {

InetSocket Socket(const std::string& local, std::uint16_t local_port, const std::string& remote,
                  std::uint16_t remote_port) {
  InetSocket socket;
  socket.family = local.find(':') == std::string::npos ? AF_INET : AF_INET6;
  socket.local_port = local_port;
  socket.remote_port = remote_port;
  EXPECT_EQ(inet_pton(socket.family, local.c_str(), socket.local_address.data()), 1);
  EXPECT_EQ(inet_pton(socket.family, remote.c_str(), socket.remote_address.data()), 1);
  return socket;
}

ConnectionFilter Filter(const std::vector<std::string>& ports,
                        const std::vector<std::string>& addresses) {
  auto filter = ConnectionFilter::Make(ports, addresses);
  EXPECT_TRUE(filter.ok());
  return *filter;
}

TEST(ConnectionFilter, PassesEverythingWithoutRules) {
  EXPECT_TRUE(Filter({}, {}).is_empty());
  EXPECT_TRUE(Filter({}, {}).Passes(Socket("192.0.2.1", 80, "192.0.2.2", 4000)));
}

TEST(ConnectionFilter, LooksAtThePortsOfBothEnds) {
  const ConnectionFilter filter = Filter({"80", "8000-8999"}, {});
  EXPECT_TRUE(filter.Passes(Socket("192.0.2.1", 80, "192.0.2.2", 4000)));
  EXPECT_TRUE(filter.Passes(Socket("192.0.2.1", 4000, "192.0.2.2", 8500)));
  EXPECT_FALSE(filter.Passes(Socket("192.0.2.1", 4000, "192.0.2.2", 9000)));
}

TEST(ConnectionFilter, LooksAtTheAddressesOfBothEndsAndBothVersions) {
  const ConnectionFilter filter = Filter({}, {"192.0.2.2", "2001:db8::1"});
  EXPECT_TRUE(filter.Passes(Socket("192.0.2.1", 1, "192.0.2.2", 2)));
  EXPECT_TRUE(filter.Passes(Socket("2001:db8::1", 1, "2001:db8::9", 2)));
  EXPECT_TRUE(filter.Passes(Socket("::ffff:192.0.2.2", 1, "::ffff:192.0.2.9", 2)));
  EXPECT_FALSE(filter.Passes(Socket("192.0.2.1", 1, "192.0.2.3", 2)));
}

TEST(ConnectionFilter, WantsPortAndAddressToFit) {
  const ConnectionFilter filter = Filter({"80"}, {"192.0.2.2"});
  EXPECT_TRUE(filter.Passes(Socket("192.0.2.1", 80, "192.0.2.2", 4000)));
  EXPECT_FALSE(filter.Passes(Socket("192.0.2.1", 80, "192.0.2.3", 4000)));
  EXPECT_FALSE(filter.Passes(Socket("192.0.2.1", 81, "192.0.2.2", 4000)));
}

TEST(ConnectionFilter, SaysWhatIsWrong) {
  const std::vector<std::string> bad_port = {"http"};
  const auto ports = ConnectionFilter::Make(bad_port, {});
  ASSERT_FALSE(ports.ok());
  EXPECT_NE(ports.error().Describe().find("--ports"), std::string::npos);
  const std::vector<std::string> bad_address = {"example.org"};
  const auto addresses = ConnectionFilter::Make({}, bad_address);
  ASSERT_FALSE(addresses.ok());
  EXPECT_EQ(addresses.error().Describe(), "--addresses: not an IP address: 'example.org'");
}

}  // namespace
}  // namespace netstack
