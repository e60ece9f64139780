#include "exporter/http/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "exporter/http/server.h"

namespace netstack {
namespace {

using ::testing::HasSubstr;

constexpr std::chrono::seconds kPatience(20);

Response Echo(const Request& request) {
  if (request.path == "/none") return TextResponse(404, "nothing\n");
  return TextResponse(200, std::string(request.path) + " " + std::string(request.query) + "\n");
}

std::unique_ptr<Server> Serve(const std::string& address) {
  ServerOptions options;
  options.listen_addresses = {address};
  auto server = Server::Start(std::move(options), Echo);
  EXPECT_TRUE(server) << (server ? "" : server.error().Describe());
  return server ? *std::move(server) : nullptr;
}

std::string ErrorOf(const std::string& address) {
  const auto body = HttpGet(address, kPatience);
  EXPECT_FALSE(body) << *body;
  return body ? "no error" : body.error().Describe();
}

TEST(HttpGet, GivesTheBodyOfAPage) {
  const auto server = Serve("127.0.0.1:0");
  const auto body = HttpGet("http://" + server->addresses()[0] + "/a/b?c=d", kPatience);
  ASSERT_TRUE(body) << body.error().Describe();
  EXPECT_EQ(*body, "/a/b c=d\n");
  const auto root = HttpGet("http://" + server->addresses()[0], kPatience);
  ASSERT_TRUE(root) << root.error().Describe();
  EXPECT_EQ(*root, "/ \n");
}

TEST(HttpGet, AsksAUnixSocketForItsMetrics) {
  const std::string path =
      std::filesystem::path(::testing::TempDir()) / ("client." + std::to_string(getpid()));
  const auto server = Serve("unix:" + path);
  const auto body = HttpGet("unix:" + path, kPatience);
  ASSERT_TRUE(body) << body.error().Describe();
  EXPECT_EQ(*body, "/metrics \n");
}

TEST(HttpGet, SaysWhenThePageIsNotThere) {
  const auto server = Serve("127.0.0.1:0");
  EXPECT_THAT(ErrorOf("http://" + server->addresses()[0] + "/none"), HasSubstr("answered 404"));
}

TEST(HttpGet, SaysWhenNobodyListens) {
  std::string address;
  {
    const auto server = Serve("127.0.0.1:0");
    address = server->addresses()[0];
  }
  EXPECT_THAT(ErrorOf("http://" + address + "/metrics"), HasSubstr(address));
  EXPECT_THAT(ErrorOf("unix:/nonexistent/socket"), HasSubstr("unix:/nonexistent/socket"));
}

TEST(HttpGet, RefusesWhatIsNoAddress) {
  for (const std::string address : {"", "localhost:80", "https://localhost/", "http://",
                                    "http://:80/", "http://h:0/", "http://h:65536/", "http://h:x/",
                                    "unix:", "http://h/a b", "http://h/\r\nx", "http://user@h/"}) {
    const auto body = HttpGet(address, kPatience);
    ASSERT_FALSE(body) << address;
    EXPECT_EQ(body.error().kind, ErrorKind::kInvalid) << address;
  }
}

}  // namespace
}  // namespace netstack
