#include "exporter/http/shown_addresses.h"

#include <gtest/gtest.h>

#include <array>

namespace netstack {
namespace {

enum class Peer { kStranger, kLoopback, kUnix, kKnown };

Request From(Peer peer) {
  Request request;
  request.peer_is_loopback = peer == Peer::kLoopback;
  request.peer_is_unix = peer == Peer::kUnix;
  request.authenticated = peer == Peer::kKnown;
  return request;
}

TEST(ShownAddresses, AreForThisMachineAndForThoseWhoAreKnown) {
  EXPECT_FALSE(MayShowAddresses(From(Peer::kStranger), false));
  EXPECT_TRUE(MayShowAddresses(From(Peer::kLoopback), false));
  EXPECT_TRUE(MayShowAddresses(From(Peer::kUnix), false));
  EXPECT_TRUE(MayShowAddresses(From(Peer::kKnown), false));
  EXPECT_TRUE(MayShowAddresses(From(Peer::kStranger), true));
}

TEST(ShownAddresses, AreNotForWhomAProxyOnThisMachineSpeaks) {
  for (const std::string_view name : {"x-forwarded-for", "Forwarded", "X-Real-Ip", "via"}) {
    const std::array<HeaderField, 1> headers = {{{.name = name, .value = "192.0.2.1"}}};
    const auto may_see = [&](Peer peer) {
      Request request = From(peer);
      request.headers = headers;
      return MayShowAddresses(request, false);
    };
    EXPECT_FALSE(may_see(Peer::kLoopback)) << name;
    EXPECT_FALSE(may_see(Peer::kUnix)) << name;
    EXPECT_TRUE(may_see(Peer::kKnown)) << name;
  }
}

TEST(ShownAddresses, AreRefusedWithWhatWouldHelp) {
  const Response response = AddressesRefused();
  EXPECT_EQ(response.status, 403);
  EXPECT_NE(response.body->find("--web.show-sockets"), std::string::npos);
}

}  // namespace
}  // namespace netstack
