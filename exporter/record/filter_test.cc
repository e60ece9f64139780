#include "exporter/record/filter.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <string>

namespace netstack {
namespace {

ConnectionName Socket(const std::string& local, std::uint16_t local_port, const std::string& remote,
                      std::uint16_t remote_port) {
  const auto address = [](const std::string& text) {
    const std::uint8_t family = text.find(':') == std::string::npos ? AF_INET : AF_INET6;
    ConnectionName::Address bytes = {};
    EXPECT_EQ(inet_pton(family, text.c_str(), bytes.data()), 1);
    return ConnectionName::Mapped(family, bytes);
  };
  return {.local_address = address(local),
          .local_port = local_port,
          .remote_address = address(remote),
          .remote_port = remote_port};
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

TEST(ConnectionFilter, TellsItsPorts) {
  EXPECT_EQ(Filter({"80", "8000-8002"}, {}).Ports(),
            (std::vector<std::uint16_t>{80, 8000, 8001, 8002}));
  EXPECT_TRUE(Filter({}, {"192.0.2.2"}).Ports().empty());
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
