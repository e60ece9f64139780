// The web configuration at work on a running server: passwords, headers, rate limit, TLS, and what
// happens when the file changes. The file's content stands for itself: a name of a configuration
// in `configs`, so that the parser is not needed here.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "exporter/http/server.h"
#include "exporter/http/testing/tls_client.h"

namespace netstack {
namespace {

using testing::Answer;
using ::testing::ElementsAre;
using testing::Get;
using testing::GetOverTls;
using ::testing::HasSubstr;
using testing::Identity;
using testing::MakeIdentity;
using testing::TlsAnswer;

constexpr char kHashOfSecret[] = "$2y$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW";
constexpr char kAliceSecret[] = "Authorization: Basic YWxpY2U6c2VjcmV0\r\n";
constexpr char kAliceWrong[] = "Authorization: Basic YWxpY2U6d3Jvbmc=\r\n";
constexpr char kMallorySecret[] = "Authorization: Basic bWFsbG9yeTpzZWNyZXQ=\r\n";

Response Echo(const Request& request) {
  return TextResponse(200, request.authenticated ? "known" : "anybody");
}

class ServerWithWebConfig : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(::testing::TempDir()) / ("web." + std::to_string(getpid()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void Write(const std::string& content) {
    // Renamed into place like an editor does, so that the inode changes.
    std::ofstream(folder_ / "new") << content;
    std::filesystem::rename(folder_ / "new", folder_ / "web.yml");
  }

  Result<std::unique_ptr<Server>> TryStart(const std::string& content) {
    Write(content);
    ServerOptions options;
    options.listen_addresses = {"127.0.0.1:0"};
    options.workers = 8;
    options.web_config_file = folder_ / "web.yml";
    options.load_web_config = [this](const std::string& path) -> Result<WebConfig> {
      std::string name;
      std::ifstream(path) >> name;
      const auto found = configs_.find(name);
      if (found != configs_.end()) return found->second;
      return Error{.kind = ErrorKind::kInvalid, .path = "web.yml", .what = "no such: " + name};
    };
    options.log = [this](HttpLogLevel level, std::string_view message) {
      const std::lock_guard lock(log_mutex_);
      if (level != HttpLogLevel::kDebug) log_.emplace_back(message);
    };
    return Server::Start(std::move(options), Echo);
  }

  void Start(const std::string& content) {
    auto server = TryStart(content);
    ASSERT_TRUE(server) << server.error().Describe();
    server_ = *std::move(server);
    address_ = server_->addresses().at(0);
  }

  static WebConfig WithTls(const Identity& identity) {
    WebConfig config;
    config.tls.enabled = true;
    config.tls.cert_pem = identity.certificate;
    config.tls.key_pem = identity.key;
    return config;
  }

  std::filesystem::path folder_;
  std::map<std::string, WebConfig> configs_ = {{"plain", {}}};
  std::mutex log_mutex_;
  std::vector<std::string> log_;
  std::unique_ptr<Server> server_;
  std::string address_;
};

TEST_F(ServerWithWebConfig, AsksForThePasswordOnAllPaths) {
  configs_["users"].basic_auth_users = {{"alice", kHashOfSecret}};
  Start("users");
  const Answer refused = Get(address_, "/-/healthy");
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.body, "Unauthorized\n");
  EXPECT_EQ(refused.Header("WWW-Authenticate"), "Basic");
  EXPECT_EQ(Get(address_, "/", kAliceWrong).status, 401);
  EXPECT_EQ(Get(address_, "/", kMallorySecret).status, 401);
  EXPECT_EQ(Get(address_, "/", kAliceSecret).body, "known");
  EXPECT_EQ(Get(address_, "/", kAliceSecret).body, "known");
  EXPECT_EQ(Get(address_, "/", kAliceWrong).status, 401);
}

TEST_F(ServerWithWebConfig, SendsTheConfiguredHeadersWithRefusalsToo) {
  configs_["headers"].headers = {{"X-Frame-Options", "deny"}};
  configs_["headers"].basic_auth_users = {{"alice", kHashOfSecret}};
  Start("headers");
  EXPECT_EQ(Get(address_, "/").Header("X-Frame-Options"), "deny");
  EXPECT_EQ(Get(address_, "/", kAliceSecret).Header("X-Frame-Options"), "deny");
}

TEST_F(ServerWithWebConfig, LimitsTheRateBeforeItLooksAtThePassword) {
  configs_["slow"].rate_limit_interval = std::chrono::hours(1);
  configs_["slow"].rate_limit_burst = 2;
  configs_["slow"].basic_auth_users = {{"alice", kHashOfSecret}};
  Start("slow");
  EXPECT_EQ(Get(address_, "/", kAliceSecret).status, 200);
  EXPECT_EQ(Get(address_, "/").status, 401);
  const Answer refused = Get(address_, "/", kAliceSecret);
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.body, "Too Many Requests\n");
}

TEST_F(ServerWithWebConfig, FollowsTheFileAndLogsOnlyChangesOfState) {
  configs_["users"].basic_auth_users = {{"alice", kHashOfSecret}};
  Start("plain");
  EXPECT_EQ(Get(address_, "/").body, "anybody");
  Write("users");
  EXPECT_EQ(Get(address_, "/").status, 401);
  Write("broken");
  EXPECT_EQ(Get(address_, "/", kAliceSecret).status, 500);
  EXPECT_EQ(Get(address_, "/", kAliceSecret).status, 500);
  std::filesystem::remove(folder_ / "web.yml");
  EXPECT_EQ(Get(address_, "/").status, 500);
  Write("plain");
  EXPECT_EQ(Get(address_, "/").body, "anybody");
  EXPECT_THAT(log_, ElementsAre(HasSubstr("no such: broken"), HasSubstr("no such: "),
                                "web configuration is good again"));
}

TEST_F(ServerWithWebConfig, DoesNotStartWithABrokenFile) {
  const auto server = TryStart("broken");
  ASSERT_FALSE(server);
  EXPECT_THAT(server.error().Describe(), HasSubstr("no such: broken"));
}

TEST_F(ServerWithWebConfig, SpeaksTls13And12WithHttp11Only) {
  configs_["tls"] = WithTls(MakeIdentity("one", "IP:127.0.0.1"));
  Start("tls");
  EXPECT_TRUE(server_->has_tls());
  const TlsAnswer best = GetOverTls({.address = address_});
  EXPECT_EQ(best.answer.body, "anybody");
  EXPECT_EQ(best.version, "TLSv1.3");
  EXPECT_EQ(best.server_subject, "one");
  EXPECT_EQ(best.alpn, "http/1.1");
  EXPECT_EQ(GetOverTls({.address = address_, .max_version = TLS1_2_VERSION}).version, "TLSv1.2");
  EXPECT_EQ(GetOverTls({.address = address_, .max_version = TLS1_1_VERSION}).version, "");
}

TEST_F(ServerWithWebConfig, TellsAClientWithoutTlsThatItIsWrong) {
  configs_["tls"] = WithTls(MakeIdentity("one", ""));
  Start("tls");
  const Answer answer = Get(address_, "/");
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.body, "Client sent an HTTP request to an HTTPS server.\n");
}

TEST_F(ServerWithWebConfig, ServesANewCertificateFromTheNextHandshakeOn) {
  configs_["one"] = WithTls(MakeIdentity("one", ""));
  configs_["two"] = WithTls(MakeIdentity("two", ""));
  configs_["unusable"] = configs_["one"];
  configs_["unusable"].tls.key_pem = configs_["two"].tls.key_pem;
  Start("one");
  EXPECT_EQ(GetOverTls({.address = address_}).server_subject, "one");
  Write("two");
  EXPECT_EQ(GetOverTls({.address = address_}).server_subject, "two");
  Write("unusable");
  EXPECT_EQ(GetOverTls({.address = address_}).version, "");
  Write("plain");  // TLS cannot be switched off either.
  EXPECT_EQ(GetOverTls({.address = address_}).version, "");
  EXPECT_EQ(Get(address_, "/").status, 400);
  Write("one");
  EXPECT_EQ(GetOverTls({.address = address_}).answer.status, 200);
}

TEST_F(ServerWithWebConfig, ReadsAgainWhenACertificateFileChanges) {
  configs_["tls"] = WithTls(MakeIdentity("one", ""));
  configs_["tls"].tls.files = {folder_ / "cert.pem"};
  std::ofstream(folder_ / "cert.pem") << "first";
  Start("tls");
  EXPECT_EQ(GetOverTls({.address = address_}).server_subject, "one");
  const Identity two = MakeIdentity("two", "");
  configs_["tls"].tls.cert_pem = two.certificate;
  configs_["tls"].tls.key_pem = two.key;
  std::ofstream(folder_ / "cert.pem") << "second";
  EXPECT_EQ(GetOverTls({.address = address_}).server_subject, "two");
}

TEST_F(ServerWithWebConfig, HonoursVersionsCiphersAndCurves) {
  WebConfig tls = WithTls(MakeIdentity("one", ""));
  tls.tls.max_version = "TLS12";
  tls.tls.cipher_suites = {"TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"};
  tls.tls.curve_preferences = {"CurveP384"};
  configs_["tls"] = tls;
  Start("tls");
  const TlsAnswer answer = GetOverTls({.address = address_});
  EXPECT_EQ(answer.version, "TLSv1.2");
  EXPECT_EQ(answer.cipher, "ECDHE-ECDSA-AES256-GCM-SHA384");
  EXPECT_EQ(
      GetOverTls({.address = address_, .tls12_ciphers = "ECDHE-ECDSA-AES128-GCM-SHA256"}).version,
      "");
  EXPECT_EQ(GetOverTls({.address = address_, .groups = "P-256"}).version, "");
}

TEST_F(ServerWithWebConfig, AcceptsOnlyTls13WithSuitesOfTls13Alone) {
  configs_["tls"] = WithTls(MakeIdentity("one", ""));
  configs_["tls"].tls.cipher_suites = {"TLS_CHACHA20_POLY1305_SHA256"};
  Start("tls");
  EXPECT_EQ(GetOverTls({.address = address_}).cipher, "TLS_CHACHA20_POLY1305_SHA256");
  EXPECT_EQ(GetOverTls({.address = address_, .max_version = TLS1_2_VERSION}).version, "");
}

struct ClientCase {
  ClientAuth auth;
  // What a client gets without a certificate, with a stranger's, with one of the CA.
  std::string none, stranger, member;
};

TEST_F(ServerWithWebConfig, AsksClientsForCertificatesAsConfigured) {
  const Identity ca = MakeIdentity("ca", "");
  const Identity member = MakeIdentity("member", "DNS:member.test", &ca);
  const Identity stranger = MakeIdentity("stranger", "DNS:member.test");
  const std::vector<ClientCase> cases = {
      {ClientAuth::kNoClientCert, "anybody", "anybody", "anybody"},
      {ClientAuth::kRequestClientCert, "anybody", "anybody", "anybody"},
      {ClientAuth::kRequireAnyClientCert, "", "anybody", "anybody"},
      {ClientAuth::kVerifyClientCertIfGiven, "anybody", "", "known"},
      {ClientAuth::kRequireAndVerifyClientCert, "", "", "known"},
  };
  configs_["tls"] = WithTls(MakeIdentity("one", ""));
  Start("tls");
  for (const ClientCase& c : cases) {
    configs_["tls"].tls.client_auth = c.auth;
    configs_["tls"].tls.client_ca_pem = ca.certificate;
    Write("tls");
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
      const auto body = [&](const Identity* client) {
        return GetOverTls({.address = address_, .client = client, .max_version = version})
            .answer.body;
      };
      EXPECT_EQ(body(nullptr), c.none) << static_cast<int>(c.auth);
      EXPECT_EQ(body(&stranger), c.stranger) << static_cast<int>(c.auth);
      EXPECT_EQ(body(&member), c.member) << static_cast<int>(c.auth);
    }
  }
}

TEST_F(ServerWithWebConfig, AcceptsOnlyAllowedAlternativeNames) {
  const Identity ca = MakeIdentity("ca", "");
  configs_["tls"] = WithTls(MakeIdentity("one", ""));
  configs_["tls"].tls.client_auth = ClientAuth::kRequireAndVerifyClientCert;
  configs_["tls"].tls.client_ca_pem = ca.certificate;
  configs_["tls"].tls.client_allowed_sans = {"a.test", "10.0.0.1", "2001:db8::1", "spiffe://x/y",
                                             "m@a.test"};
  Start("tls");
  const auto status = [&](const std::string& sans) {
    const Identity client = MakeIdentity("c", sans, &ca);
    return GetOverTls({.address = address_, .client = &client}).answer.status;
  };
  EXPECT_EQ(status("DNS:z.test,DNS:a.test"), 200);
  EXPECT_EQ(status("IP:10.0.0.1"), 200);
  EXPECT_EQ(status("IP:2001:db8:0:0::1"), 200);
  EXPECT_EQ(status("URI:spiffe://x/y"), 200);
  EXPECT_EQ(status("email:m@a.test"), 200);
  EXPECT_EQ(status("DNS:b.a.test"), 0);
  EXPECT_EQ(status("DNS:10.0.0.1"), 200) << "exact text, whatever the kind, as in the toolkit";
  EXPECT_EQ(status(""), 0);
}

struct BadTls {
  std::string what;
  std::function<void(TlsConfig&)> change;
};

TEST_F(ServerWithWebConfig, NamesTheTlsSettingThatIsWrong) {
  const WebConfig good = WithTls(MakeIdentity("one", ""));
  const std::vector<BadTls> cases = {
      {"cert:", [](TlsConfig& t) { t.cert_pem = "none"; }},
      {"key:", [](TlsConfig& t) { t.key_pem = MakeIdentity("two", "").key; }},
      {"key:", [](TlsConfig& t) { t.key_pem = ""; }},
      {"client_ca:", [](TlsConfig& t) { t.client_ca_pem = "none"; }},
      {"min_version: unknown version 'SSL30'", [](TlsConfig& t) { t.min_version = "SSL30"; }},
      {"max_version:", [](TlsConfig& t) { t.max_version = "TLS11"; }},
      {"min_version:", [](TlsConfig& t) { t.min_version = "TLS13", t.max_version = "TLS12"; }},
      {"unknown cipher 'RC4'", [](TlsConfig& t) { t.cipher_suites = {"RC4"}; }},
      {"unknown curve 'P256'", [](TlsConfig& t) { t.curve_preferences = {"P256"}; }},
  };
  for (const BadTls& bad : cases) {
    configs_["tls"] = good;
    bad.change(configs_["tls"].tls);
    const auto server = TryStart("tls");
    ASSERT_FALSE(server) << bad.what;
    EXPECT_THAT(server.error().Describe(), HasSubstr(bad.what));
  }
}

}  // namespace
}  // namespace netstack
