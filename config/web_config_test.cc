#include "config/web_config.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "config/web_config_rows.h"

namespace netstack {
namespace {

using namespace std::chrono_literals;  // NOLINT: literals

constexpr std::string_view kHash = "$2y$10$qRTBuFoULoYNA7AQ/F3ck.trZBPyjV64.oA4ZsSBCIWvXuvQlQTuu";

// A directory with server.crt, server.key, ca.pem and empty.pem, and a web.yml for each case.
class WebConfigTest : public testing::Test {
 protected:
  WebConfigTest()
      : directory_(testing::TempDir() + "netstack_" +
                   testing::UnitTest::GetInstance()->current_test_info()->name()) {
    std::filesystem::create_directories(directory_);
    Write("server.crt", "CERT\n");
    Write("server.key", "KEY\n");
    Write("ca.pem", "CA\n");
    Write("empty.pem", "");
  }
  ~WebConfigTest() override { std::filesystem::remove_all(directory_); }

  std::string PathOf(const std::string& name) const { return directory_ + "/" + name; }

  void Write(const std::string& name, std::string_view text) const {
    std::ofstream(PathOf(name), std::ios::binary) << text;
  }

  Result<WebConfig> Load(std::string_view text) const {
    Write("web.yml", text);
    return LoadWebConfig(PathOf("web.yml"));
  }

  // The error without the path of the directory.
  std::string ErrorOf(std::string_view text) const {
    const Result<WebConfig> config = Load(text);
    if (config.ok()) return "no error";
    std::string line = config.error().Describe();
    for (std::size_t at; (at = line.find(directory_ + "/")) != std::string::npos;) {
      line.erase(at, directory_.size() + 1);
    }
    return line;
  }

 private:
  std::string directory_;
};

TEST_F(WebConfigTest, AnEmptyFileIsNoTlsAndNoUsers) {
  const auto config = Load("# nothing\n");
  ASSERT_TRUE(config.ok()) << config.error().Describe();
  EXPECT_FALSE(config->tls.enabled);
  EXPECT_EQ(config->tls.min_version, "TLS12");
  EXPECT_EQ(config->tls.max_version, "TLS13");
  EXPECT_TRUE(config->tls.prefer_server_cipher_suites);
  EXPECT_TRUE(config->headers.empty());
  EXPECT_TRUE(config->basic_auth_users.empty());
  EXPECT_EQ(config->rate_limit_interval, 0s);
  EXPECT_EQ(config->rate_limit_burst, 0);
}

TEST_F(WebConfigTest, ReadsEverythingTheToolkitKnows) {
  const auto config = Load(R"(
tls_server_config:
  cert_file: server.crt
  key_file: )" + PathOf("server.key") +
                           R"(
  client_ca_file: "ca.pem"
  client_auth_type: RequireAndVerifyClientCert
  client_allowed_sans: [one, two]
  min_version: TLS11
  max_version: TLS12
  cipher_suites:
  - TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
  prefer_server_cipher_suites: false
  curve_preferences: [CurveP521, X25519]
http_server_config:
  http2: false
  headers:
    X-Frame-Options: sameorigin
    X-Content-Type-Options: nosniff
    X-XSS-Protection: 1
    Strict-Transport-Security: max-age=31536000; includeSubDomains
    Content-Security-Policy: ""
basic_auth_users:
  alice: )" + std::string(kHash) +
                           R"(
rate_limit:
  interval: "1m30s"
  burst: 5
)");
  ASSERT_TRUE(config.ok()) << config.error().Describe();
  const TlsConfig& tls = config->tls;
  EXPECT_TRUE(tls.enabled);
  EXPECT_EQ(tls.cert_pem, "CERT\n");
  EXPECT_EQ(tls.key_pem, "KEY\n");
  EXPECT_EQ(tls.client_ca_pem, "CA\n");
  EXPECT_EQ(tls.client_auth, ClientAuth::kRequireAndVerifyClientCert);
  EXPECT_EQ(tls.client_allowed_sans, (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ(tls.min_version, "TLS11");
  EXPECT_EQ(tls.max_version, "TLS12");
  EXPECT_EQ(tls.cipher_suites, std::vector<std::string>{"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"});
  EXPECT_EQ(tls.curve_preferences, (std::vector<std::string>{"CurveP521", "X25519"}));
  EXPECT_FALSE(tls.prefer_server_cipher_suites);
  EXPECT_EQ(tls.files, (std::vector<std::string>{PathOf("server.crt"), PathOf("server.key"),
                                                 PathOf("ca.pem")}));
  EXPECT_EQ(config->headers,
            (std::map<std::string, std::string>{
                {"Strict-Transport-Security", "max-age=31536000; includeSubDomains"},
                {"X-Content-Type-Options", "nosniff"},
                {"X-Frame-Options", "sameorigin"},
                {"X-XSS-Protection", "1"}}));
  EXPECT_EQ(config->basic_auth_users,
            (std::map<std::string, std::string>{{"alice", std::string(kHash)}}));
  EXPECT_EQ(config->rate_limit_interval, 90s);
  EXPECT_EQ(config->rate_limit_burst, 5);
}

TEST_F(WebConfigTest, CertificatesMayStandInTheFile) {
  const auto config = Load("tls_server_config:\n  cert: |\n    A\n    B\n  key: \"K\"\n");
  ASSERT_TRUE(config.ok()) << config.error().Describe();
  EXPECT_TRUE(config->tls.enabled);
  EXPECT_EQ(config->tls.cert_pem, "A\nB\n");
  EXPECT_EQ(config->tls.key_pem, "K");
  EXPECT_TRUE(config->tls.files.empty());
}

TEST_F(WebConfigTest, KnowsEveryWordForClients) {
  const struct {
    std::string word;
    ClientAuth value;
  } cases[] = {{"NoClientCert", ClientAuth::kNoClientCert},
               {"RequestClientCert", ClientAuth::kRequestClientCert},
               {"RequireAnyClientCert", ClientAuth::kRequireAnyClientCert},
               {"RequireClientCert", ClientAuth::kRequireAnyClientCert},
               {"VerifyClientCertIfGiven", ClientAuth::kVerifyClientCertIfGiven},
               {"RequireAndVerifyClientCert", ClientAuth::kRequireAndVerifyClientCert}};
  for (const auto& c : cases) {
    const auto config =
        Load("tls_server_config: {cert: c, key: k, client_auth_type: " + c.word + "}");
    ASSERT_TRUE(config.ok()) << config.error().Describe();
    EXPECT_EQ(config->tls.client_auth, c.value);
  }
}

TEST_F(WebConfigTest, TlsIsAllOrNothing) {
  const std::string missing_key =
      "web.yml line 1 column 1: tls_server_config.key_file: missing, and key as well";
  const std::string missing_cert =
      "web.yml line 1 column 1: tls_server_config.cert_file: missing, and cert as well";
  EXPECT_EQ(ErrorOf("tls_server_config: {cert_file: server.crt}"), missing_key);
  EXPECT_EQ(ErrorOf("tls_server_config: {cert: c}"), missing_key);
  EXPECT_EQ(ErrorOf("tls_server_config: {key_file: server.key}"), missing_cert);
  EXPECT_EQ(ErrorOf("tls_server_config: {client_auth_type: NoClientCert}"), missing_cert);
  EXPECT_EQ(ErrorOf("tls_server_config: {client_ca_file: ca.pem}"), missing_cert);
  EXPECT_EQ(ErrorOf("tls_server_config:\n  cert_file: \"\"\n  key_file: server.key\n"),
            "web.yml line 2 column 3: tls_server_config.cert_file: missing, and cert as well");
  EXPECT_EQ(ErrorOf("tls_server_config:\n  cert: c\n  key: k\n  client_ca: a\n"),
            "web.yml line 1 column 1: tls_server_config.client_auth_type: must ask for a "
            "certificate when a client CA is set");
  EXPECT_EQ(ErrorOf("tls_server_config:\n  cert: c\n  cert_file: server.crt\n  key: k\n"),
            "web.yml line 3 column 3: tls_server_config.cert_file: cert is set, too: choose one");
  const auto versions_only = Load("tls_server_config: {min_version: TLS13}");
  ASSERT_TRUE(versions_only.ok());
  EXPECT_FALSE(versions_only->tls.enabled);
}

TEST_F(WebConfigTest, SaysWhichFileCannotBeRead) {
  EXPECT_EQ(ErrorOf("tls_server_config:\n  key: k\n  cert_file: none.crt\n"),
            "web.yml line 3 column 3: tls_server_config.cert_file: none.crt: open: No such file or "
            "directory");
  EXPECT_EQ(ErrorOf("tls_server_config:\n  key: k\n  cert_file: empty.pem\n"),
            "web.yml line 3 column 3: tls_server_config.cert_file: empty.pem is empty");
  const auto missing = LoadWebConfig(PathOf("other.yml"));
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().kind, ErrorKind::kAbsent);
  EXPECT_EQ(missing.error().Describe(), PathOf("other.yml") + ": open: No such file or directory");
}

TEST_F(WebConfigTest, IsStrict) {
  EXPECT_EQ(ErrorOf("tls_server_config:\n  cert_filse: a\n"),
            "web.yml line 2 column 3: unknown key 'tls_server_config.cert_filse'; did you mean "
            "'cert_file'?");
  EXPECT_EQ(ErrorOf("basic_auth_user: {}\n"),
            "web.yml line 1 column 1: unknown key 'basic_auth_user'; did you mean "
            "'basic_auth_users'?");
  EXPECT_EQ(ErrorOf("rate_limit: {burst: 1, burst: 2}\n"),
            "web.yml line 1 column 24: duplicate key 'rate_limit.burst'");
  EXPECT_EQ(ErrorOf("hWkNKCp3fvIx3jKnsaBI\n"),
            "web.yml line 1 column 1: the file: expected a mapping, found a single value");
  EXPECT_EQ(ErrorOf("tls_server_config:\n  client_auth_type: RequireClientCerts\n"),
            "web.yml line 1 column 1: tls_server_config.cert_file: missing, and cert as well");
  EXPECT_EQ(ErrorOf("tls_server_config:\n  cert: c\n  key: k\n  client_auth_type: Requird\n"),
            "web.yml line 4 column 3: tls_server_config.client_auth_type: unknown 'Requird'");
  EXPECT_EQ(ErrorOf("tls_server_config:\n  min_version: TLS111\n"),
            "web.yml line 2 column 16: tls_server_config.min_version: not one of TLS10, TLS11, "
            "TLS12, TLS13: 'TLS111'");
  EXPECT_EQ(ErrorOf("tls_server_config:\n  min_version: TLS13\n  max_version: TLS12\n"),
            "web.yml line 2 column 3: tls_server_config.min_version: is above max_version");
  EXPECT_EQ(ErrorOf("tls_server_config:\n  cipher_suites: [TLS_AES_128_GCM_SHA255]\n"),
            "web.yml line 2 column 3: tls_server_config.cipher_suites: unknown "
            "'TLS_AES_128_GCM_SHA255'; did you mean 'TLS_AES_128_GCM_SHA256'?");
  EXPECT_EQ(ErrorOf("tls_server_config:\n  curve_preferences: [CurveP257]\n"),
            "web.yml line 2 column 3: tls_server_config.curve_preferences: unknown 'CurveP257'; "
            "did you mean 'CurveP256'?");
  EXPECT_EQ(ErrorOf("rate_limit: {interval: 1}\n"),
            "web.yml line 1 column 24: rate_limit.interval: not a duration such as 10s or 1m30s: "
            "'1'");
  EXPECT_EQ(ErrorOf("rate_limit: {burst: -1}\n"),
            "web.yml line 1 column 21: rate_limit.burst: not a whole number between 0 and "
            "2147483647: '-1'");
}

TEST_F(WebConfigTest, AllowsTheFiveHeadersOnly) {
  EXPECT_EQ(ErrorOf("http_server_config: {headers: {Content-Type: foo}}\n"),
            "web.yml line 1 column 32: unknown key 'http_server_config.headers.Content-Type'");
  EXPECT_EQ(ErrorOf("http_server_config: {headers: {X-Frame-Options: foo}}\n"),
            "web.yml line 1 column 49: http_server_config.headers.X-Frame-Options: not one of "
            "deny, sameorigin: 'foo'");
  EXPECT_EQ(ErrorOf("http_server_config: {headers: {X-Content-Type-Options: sniff}}\n"),
            "web.yml line 1 column 56: http_server_config.headers.X-Content-Type-Options: not one "
            "of nosniff: 'sniff'");
  EXPECT_EQ(
      ErrorOf("http_server_config:\n  headers:\n    X-XSS-Protection: \"1\\r\\nSet-Cookie: a\"\n"),
      "web.yml line 3 column 23: http_server_config.headers.X-XSS-Protection: not plain "
      "ASCII");
}

TEST_F(WebConfigTest, RefusesWhatIsNotBcryptWithoutShowingIt) {
  EXPECT_EQ(ErrorOf("basic_auth_users:\n  john: doe\n"),
            "web.yml line 2 column 9: basic_auth_users.john: not a bcrypt hash ($2a$, $2b$ or "
            "$2y$)");
  EXPECT_EQ(ErrorOf("basic_auth_users:\n  john:\n"),
            "web.yml line 2 column 3: basic_auth_users.john: expected a text, found nothing");
}

TEST(BcryptHash, HasOneForm) {
  const std::string good(kHash);
  EXPECT_EQ(ComplaintAboutBcryptHash(good), "");
  EXPECT_EQ(ComplaintAboutBcryptHash("$2a$04" + good.substr(6)), "");
  EXPECT_EQ(ComplaintAboutBcryptHash("$2b$31" + good.substr(6)), "");
  for (const std::string& bad :
       {std::string(), good + "a", good.substr(1), good.substr(0, 59), "$2x$10" + good.substr(6),
        "$1y$10" + good.substr(6), "$2y$1x" + good.substr(6), "$2y$10x" + good.substr(7),
        good.substr(0, 59) + ":", good.substr(0, 59) + "\n"}) {
    EXPECT_EQ(ComplaintAboutBcryptHash(bad), "not a bcrypt hash ($2a$, $2b$ or $2y$)") << bad;
  }
  for (const char* cost : {"$2y$03", "$2y$00", "$2y$32", "$2y$99"}) {
    EXPECT_EQ(ComplaintAboutBcryptHash(cost + good.substr(6)),
              "bcrypt cost is not between 4 and 31");
  }
}

}  // namespace
}  // namespace netstack
