#include "exporter/http/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <stdexcept>
#include <thread>

#include "exporter/http/sockets.h"
#include "exporter/http/testing/raw_client.h"

namespace netstack {
namespace {

using testing::Answer;
using ::testing::ElementsAre;
using testing::Exchange;
using testing::Get;
using ::testing::HasSubstr;
using testing::RawClient;
using ::testing::StartsWith;

std::unique_ptr<Server> StartOrFail(ServerOptions options, Handler handler) {
  Result<std::unique_ptr<Server>> server = Server::Start(std::move(options), std::move(handler));
  EXPECT_TRUE(server) << (server ? "" : server.error().Describe());
  return server ? *std::move(server) : nullptr;
}

// Answers with what it was asked, so that a test sees what reached the handler.
Response Echo(const Request& request) {
  return TextResponse(200, std::string(request.method) + " " + std::string(request.path) + " " +
                               std::string(request.query) + " " +
                               (request.peer_is_loopback ? "loopback " : "") +
                               (request.peer_is_unix ? "unix " : "") +
                               (request.authenticated ? "authenticated" : ""));
}

ServerOptions Local() {
  ServerOptions options;
  options.listen_addresses = {"127.0.0.1:0"};
  options.workers = 8;
  options.guard.pressure_at = 6;
  return options;
}

std::filesystem::path SocketPath(const std::string& name) {
  return std::filesystem::path(::testing::TempDir()) /
         (name + "." + std::to_string(getpid()) + ".sock");
}

TEST(Server, AnswersGetWithTheRawPathAndQuery) {
  const auto server = StartOrFail(Local(), Echo);
  const Answer answer = Get(server->addresses()[0], "/a%2Fb/../c?x=%20&y");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "GET /a%2Fb/../c x=%20&y loopback ");
  EXPECT_EQ(answer.Header("Content-Length"), std::to_string(answer.body.size()));
  EXPECT_EQ(answer.Header("Connection"), "close");
  EXPECT_EQ(answer.Header("Content-Type"), "text/plain; charset=utf-8");
}

TEST(Server, AnswersHeadWithTheLengthOfTheBodyButNoBody) {
  const auto server = StartOrFail(Local(), Echo);
  const Answer answer = Exchange(server->addresses()[0], "HEAD /m HTTP/1.1\r\nHost: t\r\n\r\n");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.Header("Content-Length"), std::to_string(sizeof("HEAD /m  loopback ") - 1));
  EXPECT_EQ(answer.body, "");
}

TEST(Server, SendsTheHandlersHeadersWithoutLineBreaks) {
  const auto server = StartOrFail(Local(), [](const Request&) {
    Response response = TextResponse(404, "no");
    response.content_type = "text/html";
    response.headers.emplace_back("Content-Encoding", "gzip\r\nX-Split: yes");
    return response;
  });
  const Answer answer = Get(server->addresses()[0], "/");
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answer.Header("Content-Type"), "text/html");
  EXPECT_EQ(answer.Header("Content-Encoding"), "gzip  X-Split: yes");
  EXPECT_EQ(answer.Header("X-Split"), "");
}

TEST(Server, RefusesOtherMethodsAndSaysWhichAreAllowed) {
  const auto server = StartOrFail(Local(), Echo);
  for (const std::string method : {"POST", "PUT", "DELETE", "OPTIONS", "PATCH"}) {
    const Answer answer =
        Exchange(server->addresses()[0],
                 method + " /metrics HTTP/1.1\r\nHost: t\r\nContent-Length: 4\r\n\r\nbody");
    EXPECT_EQ(answer.status, 405) << method;
    EXPECT_EQ(answer.Header("Allow"), "GET, HEAD") << method;
  }
}

TEST(Server, ListensOnIpv6AndIpv4WithAPortAlone) {
  ServerOptions options = Local();
  options.listen_addresses = {":0"};
  const auto server = StartOrFail(std::move(options), Echo);
  const std::string address = server->addresses()[0];
  const std::string port = address.substr(address.rfind(':'));
  EXPECT_EQ(Get("127.0.0.1" + port, "/").body, "GET /  loopback ");
  if (!address.starts_with("[")) GTEST_SKIP() << "this kernel has no IPv6";
  EXPECT_EQ(Get("[::1]" + port, "/").body, "GET /  loopback ");
}

TEST(Server, ListensOnSeveralAddressesAndAUnixSocket) {
  const std::string path = SocketPath("several");
  ServerOptions options = Local();
  options.listen_addresses = {"127.0.0.1:0", "127.0.0.2:0", "unix:" + path};
  const auto server = StartOrFail(std::move(options), Echo);
  EXPECT_THAT(server->addresses(),
              ElementsAre(StartsWith("127.0.0.1:"), StartsWith("127.0.0.2:"), "unix:" + path));
  for (const std::string& address : server->addresses()) {
    EXPECT_EQ(Get(address, "/").status, 200) << address;
  }
  EXPECT_EQ(Get("unix:" + path, "/").body, "GET /  unix ");
}

TEST(Server, ListensOnTheSameAddressesInWhateverOrder) {
  const std::string first = SocketPath("first");
  const std::string last = SocketPath("last");
  ServerOptions options = Local();
  options.listen_addresses = {"unix:" + first, ":0", "127.0.0.2:0", "unix:" + last, "localhost:0"};
  const auto server = StartOrFail(std::move(options), Echo);
  EXPECT_EQ(server->addresses().size(), 5u);
  for (const std::string& address : server->addresses()) {
    EXPECT_EQ(Get(address, "/").status, 200) << address;
  }
  EXPECT_EQ(Get("unix:" + first, "/").body, "GET /  unix ");
  EXPECT_EQ(Get("unix:" + last, "/").body, "GET /  unix ");
}

TEST(Server, AnswersThoseWhoConnectWhileItStarts) {
  // Another address than that which clients have here: who knocks at a free port of his own address
  // may reach himself.
  ServerOptions options = Local();
  options.listen_addresses = {"127.0.0.2:0"};
  options.listen_addresses = StartOrFail(options, Echo)->addresses();
  for (int i = 0; i < 10; ++i) {
    std::atomic<bool> is_answered = false;
    const std::jthread knocking([&](const std::stop_token& stop) {
      while (!stop.stop_requested() && !is_answered) {
        RawClient client(options.listen_addresses[0]);
        is_answered = client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n") &&
                      client.ReadAll(std::chrono::seconds(30)).starts_with("HTTP/1.1 200");
      }
    });
    const auto server = StartOrFail(options, Echo);
    ASSERT_TRUE(server);
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!is_answered && std::chrono::steady_clock::now() < give_up) std::this_thread::yield();
    EXPECT_TRUE(is_answered);
  }
}

TEST(Server, TakesOverTheSocketFileOfADeadProcessButNotOfALivingOne) {
  const std::string path = SocketPath("stale");
  ServerOptions options = Local();
  options.listen_addresses = {"unix:" + path};
  const auto first = StartOrFail(options, Echo);
  EXPECT_FALSE(Server::Start(options, Echo));
  std::filesystem::rename(path, path + ".kept");
  first->Stop();
  std::filesystem::rename(path + ".kept", path);  // As after a crash: a file, nobody listening.
  const auto second = StartOrFail(options, Echo);
  EXPECT_EQ(Get("unix:" + path, "/").status, 200);
}

TEST(Server, NamesTheAddressThatCannotBeBound) {
  const auto first = StartOrFail(Local(), Echo);
  ServerOptions options = Local();
  options.listen_addresses = {first->addresses()[0]};
  const auto second = Server::Start(options, Echo);
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().Describe(), HasSubstr(first->addresses()[0]));
  EXPECT_THAT(second.error().Describe(), HasSubstr("in use"));
}

TEST(Server, SurvivesAHandlerThatThrows) {
  const auto server = StartOrFail(Local(), [](const Request& request) -> Response {
    if (request.path == "/std") throw std::runtime_error("x");
    if (request.path == "/int") throw 7;
    return TextResponse(200, "fine");
  });
  const std::string address = server->addresses()[0];
  EXPECT_EQ(Get(address, "/std").status, 500);
  EXPECT_EQ(Get(address, "/int").status, 500);
  EXPECT_EQ(Get(address, "/ok").body, "fine");
}

TEST(Server, RefusesRequestsBeyondTheLimitAtOnce) {
  std::atomic<bool> entered = false;
  std::atomic<bool> release = false;
  ServerOptions options = Local();
  options.max_requests = 1;
  const auto server = StartOrFail(std::move(options), [&](const Request&) {
    entered = true;
    entered.notify_all();
    release.wait(false);
    return TextResponse(200, "slow");
  });
  const std::string address = server->addresses()[0];
  RawClient slow(address);
  slow.Send("GET / HTTP/1.1\r\nHost: t\r\n\r\n");
  entered.wait(false);
  const Answer refused = Get(address, "/");
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.body, "Limit of concurrent requests reached (1), try again later.\n");
  release = true;
  release.notify_all();
  EXPECT_EQ(testing::ParseAnswer(slow.ReadAll()).body, "slow");
}

TEST(Server, TakesNoNewConnectionsButFinishesRequestsInFlightWhenItStops) {
  std::atomic<bool> entered = false;
  std::atomic<bool> release = false;
  const std::string page(8 << 20, 'x');
  const auto server = StartOrFail(Local(), [&](const Request&) {
    entered = true;
    entered.notify_all();
    release.wait(false);
    return TextResponse(200, page);
  });
  const std::string address = server->addresses()[0];
  RawClient client(address);
  client.Send("GET / HTTP/1.1\r\nHost: t\r\n\r\n");
  entered.wait(false);
  std::thread stopping([&] { server->Stop(); });
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  bool refused = false;
  while (!refused && std::chrono::steady_clock::now() < deadline) {
    refused = !RawClient(address).connected();
  }
  EXPECT_TRUE(refused);
  release = true;
  release.notify_all();
  const Answer answer = testing::ParseAnswer(client.ReadAll());
  stopping.join();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body.size(), page.size());
}

TEST(Server, LeavesConnectionsToTheKernelUntilTheySendSomething) {
  const std::vector<ListeningSocket> before = FindListeningSockets();
  const auto server = StartOrFail(Local(), Echo);
  const std::vector<ListeningSocket> listeners = NewSockets(before, FindListeningSockets());
  ASSERT_EQ(listeners.size(), 1U);
  std::vector<RawClient> idle;
  idle.reserve(5);
  for (int i = 0; i < 5; ++i) idle.emplace_back(listeners[0].address);
  EXPECT_EQ(Get(listeners[0].address, "/").status, 200);  // Came last, so the others are behind it.
  EXPECT_LE(FindAcceptedSockets(listeners).size(), 1U);   // Its own may not be closed yet.
}

TEST(Server, StopsAlthoughAClientNeverFinishesItsRequest) {
  ServerOptions options = Local();
  options.request_timeout = std::chrono::minutes(5);
  const auto server = StartOrFail(std::move(options), Echo);
  RawClient half(server->addresses()[0]);
  half.Send("GET / HT");
  EXPECT_EQ(Get(server->addresses()[0], "/").status, 200);
  server->Stop();  // The test's time limit fails it otherwise.
  EXPECT_TRUE(half.EndsWithin(std::chrono::seconds(10)));
}

TEST(Server, CanBeStartedAgainInTheSameProcess) {
  for (int i = 0; i < 3; ++i) {
    const auto server = StartOrFail(Local(), Echo);
    EXPECT_EQ(Get(server->addresses()[0], "/").status, 200);
  }
}

TEST(Server, DescribesItself) {
  EXPECT_THAT(DescribeHttpServer(), HasSubstr("civetweb 1.16"));
  EXPECT_THAT(DescribeHttpServer(), HasSubstr("OpenSSL 3."));
  EXPECT_THAT(DescribeHttpServer(), HasSubstr("IPv6, unix sockets"));
}

}  // namespace
}  // namespace netstack
