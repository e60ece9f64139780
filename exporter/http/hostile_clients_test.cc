// What a hostile client may do to others: nothing. Each test keeps one kind of abuse going while a
// well-behaved client, from the same address even, asks for the page.
#include <gtest/gtest.h>

#include <chrono>
#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "exporter/http/server.h"
#include "exporter/http/testing/raw_client.h"

namespace netstack {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::Answer;
using testing::Exchange;
using testing::Get;
using testing::RawClient;

constexpr std::size_t kPageBytes = 12 << 20;
constexpr seconds kGenerous{20};

class HostileClients : public ::testing::Test {
 protected:
  void SetUp() override {
    ServerOptions options;
    options.listen_addresses = {"127.0.0.1:0"};
    auto page = std::make_shared<const std::string>(kPageBytes, 'x');
    auto server = Server::Start(std::move(options), [page](const Request& request) {
      if (request.path == "/big") return Response{.body = page};
      return TextResponse(200, "page");
    });
    ASSERT_TRUE(server) << server.error().Describe();
    server_ = *std::move(server);
    address_ = server_->addresses().at(0);
  }

  // A well-behaved client gets its answer several times in a row; says how long the slowest took.
  void ExpectScrapesWork(const std::string& abuse) {
    milliseconds slowest{0};
    for (int i = 0; i < 5; ++i) {
      const auto start = std::chrono::steady_clock::now();
      const Answer answer = Get(address_, "/metrics", "", kGenerous);
      EXPECT_EQ(answer.status, 200) << abuse;
      EXPECT_EQ(answer.body, "page") << abuse;
      slowest = std::max(slowest, std::chrono::duration_cast<milliseconds>(
                                      std::chrono::steady_clock::now() - start));
    }
    std::cout << abuse << ": slowest of 5 answers " << slowest.count() << " ms\n";
  }

  std::vector<RawClient> Crowd(std::size_t size, const std::string& bytes, int receive_buffer = 0) {
    std::vector<RawClient> crowd;
    for (std::size_t i = 0; i < size; ++i) {
      crowd.emplace_back(address_, receive_buffer);
      EXPECT_TRUE(crowd.back().connected()) << i;
      if (!bytes.empty()) crowd.back().Send(bytes);
    }
    return crowd;
  }

  std::unique_ptr<Server> server_;
  std::string address_;
};

TEST_F(HostileClients, NobodyAtAll) {
  ExpectScrapesWork("nobody");
}

TEST_F(HostileClients, AThousandIdleConnections) {
  const auto crowd = Crowd(1000, "");
  ExpectScrapesWork("1000 idle connections");
}

TEST_F(HostileClients, ThreeHundredHalfSentHeaders) {
  const auto crowd = Crowd(300, "GET /metrics HTTP/1.1\r\nHost: t\r\nX-Half: ");
  ExpectScrapesWork("300 half-sent headers");
}

TEST_F(HostileClients, ReadersThatDoNotReadTheirTwelveMegabytes) {
  const auto crowd = Crowd(200, "GET /big HTTP/1.1\r\nHost: t\r\n\r\n", 4096);
  ExpectScrapesWork("200 readers that do not read 12 MB");
}

TEST_F(HostileClients, AReaderThatIsOnlySlowGetsItsTwelveMegabytes) {
  RawClient slow(address_, 65536);
  ASSERT_TRUE(slow.Send("GET /big HTTP/1.1\r\nHost: t\r\n\r\n"));
  std::string all;
  while (all.size() < 200000) all += slow.ReadAll(milliseconds(1));
  ExpectScrapesWork("1 slow reader of 12 MB");
  all += slow.ReadAll(kGenerous);
  EXPECT_EQ(testing::ParseAnswer(all).body.size(), kPageBytes);
}

TEST_F(HostileClients, ClientsThatAskAndGoAway) {
  for (int i = 0; i < 300; ++i) {
    RawClient client(address_);
    client.Send("GET /big HTTP/1.1\r\nHost: t\r\n\r\n");
    client.Reset();
  }
  ExpectScrapesWork("300 clients that reset after asking");
}

TEST_F(HostileClients, GarbageBytes) {
  std::mt19937 random(20260722);  // The same garbage each time.
  std::vector<RawClient> crowd;
  for (int i = 0; i < 300; ++i) {
    std::string garbage(random() % 20000, '\0');
    for (char& c : garbage) c = static_cast<char>(random());
    crowd.emplace_back(address_);
    crowd.back().Send(garbage);
  }
  ExpectScrapesWork("300 times garbage");
}

TEST_F(HostileClients, MutatedRequests) {
  const std::string request =
      "GET /metrics?collect[]=a HTTP/1.1\r\nHost: t\r\nAccept: */*\r\nContent-Length: 0\r\n\r\n";
  std::mt19937 random(1);
  for (int i = 0; i < 500; ++i) {
    std::string mutated = request;
    for (int n = 0; n < 3; ++n) mutated[random() % mutated.size()] = static_cast<char>(random());
    RawClient client(address_);
    client.Send(mutated);
    if (i % 2 == 0) client.Reset();
  }
  ExpectScrapesWork("500 mutated requests");
}

struct BadRequest {
  const char* what;
  std::string bytes;
  int status;
};

TEST_F(HostileClients, EachBadRequestIsRefused) {
  const std::string line = "GET / HTTP/1.1\r\n";
  std::string many_headers = line + "Host: t\r\n";
  for (int i = 0; i < 80; ++i) many_headers += "X-" + std::to_string(i) + ": y\r\n";
  const std::vector<BadRequest> requests = {
      {"no Host", line + "\r\n", 400},
      {"two Hosts", line + "Host: a\r\nHost: b\r\n\r\n", 400},
      {"Host with a space before the colon", line + "Host : a\r\n\r\n", 400},
      {"Host that is none", line + "Host: a/b\r\n\r\n", 400},
      {"length and chunks",
       line + "Host: a\r\nContent-Length: 3\r\n"
              "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
       400},
      {"two lengths", line + "Host: a\r\nContent-Length: 0\r\nContent-Length: 1\r\n\r\n", 400},
      {"length that is none", line + "Host: a\r\nContent-Length: x\r\n\r\n", 411},
      {"80 headers", many_headers + "\r\n", 431},
      {"a header of 10 kB", line + "Host: a\r\nX: " + std::string(10000, 'y') + "\r\n\r\n", 400},
      {"unknown method", "BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"HTTP/9.9", "GET / HTTP/9.9\r\nHost: a\r\n\r\n", 505},
      {"no version", "GET /\r\n\r\n", 400},
      {"TLS hello", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 15), 400},
  };
  for (const BadRequest& request : requests) {
    EXPECT_EQ(Exchange(address_, request.bytes).status, request.status) << request.what;
  }
  ExpectScrapesWork("bad requests");
}

}  // namespace
}  // namespace netstack
