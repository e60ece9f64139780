#include "exporter/http/listen_address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace netstack {
namespace {

std::string Spec(std::string_view address, bool tls = false, bool ipv6 = true) {
  const Result<std::string> spec = CivetwebListenSpec(address, tls, ipv6);
  return spec ? *spec : "error: " + spec.error().Describe();
}

TEST(ListenAddress, BecomesCivetwebsNotation) {
  EXPECT_EQ(Spec(":10417"), "+10417");
  EXPECT_EQ(Spec("[::]:10417"), "+10417");
  EXPECT_EQ(Spec("127.0.0.1:0"), "127.0.0.1:0");
  EXPECT_EQ(Spec("[::1]:9100"), "[::1]:9100");
  EXPECT_EQ(Spec("localhost:9100"), "localhost:9100");
  EXPECT_EQ(Spec("unix:/run/a.sock"), "x/run/a.sock");
}

TEST(ListenAddress, HasTlsOnTcpOnly) {
  EXPECT_EQ(Spec(":10417", true), "+10417s");
  EXPECT_EQ(Spec("127.0.0.1:1", true), "127.0.0.1:1s");
  EXPECT_EQ(Spec("unix:/run/a.sock", true), "x/run/a.sock");
}

TEST(ListenAddress, IsIpv4OnlyWhereTheKernelHasNoIpv6) {
  EXPECT_EQ(Spec(":10417", false, false), "0.0.0.0:10417");
}

TEST(ListenAddress, OfManyComesLastWhereItIsAUnixSocket) {
  const std::vector<std::string> addresses = {"unix:/a", ":1", "unix:/b", "localhost:2"};
  EXPECT_EQ(*CivetwebListenSpecs(addresses, false, true), "+1,localhost:2,x/a,x/b");
  EXPECT_EQ(*CivetwebListenSpecs({}, false, true), "");
  EXPECT_FALSE(CivetwebListenSpecs(std::vector<std::string>{":1", ":x"}, false, true));
}

TEST(ListenAddress, IsRefusedWithTheReason) {
  for (const char* address :
       {"", "10417", ":", ":x", ":65536", ":-1", ":80s", "1,2:80", "a b:80", "[::1:80", "::1:80",
        "vsock://:9100", "unix:", "unix:relative", "unix:/a,b", "unix:/a:b", ":80,:81"}) {
    EXPECT_THAT(Spec(address), ::testing::StartsWith("error: --web.listen-address")) << address;
  }
  EXPECT_THAT(Spec("unix:/" + std::string(200, 'a')), ::testing::HasSubstr("too long"));
}

}  // namespace
}  // namespace netstack
