// TLS as the web configuration asks for it, on a running server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "exporter/http/testing/server_with_web_config.h"
#include "exporter/http/testing/tls_client.h"

namespace netstack {
namespace {

using testing::Answer;
using testing::Get;
using testing::GetOverTls;
using ::testing::HasSubstr;
using testing::Identity;
using testing::MakeIdentity;
using testing::RawClient;
using testing::ServerWithWebConfig;
using testing::TlsAnswer;

class ServerWithTls : public ServerWithWebConfig {};

TEST_F(ServerWithTls, SpeaksTls13And12WithHttp11Only) {
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

TEST_F(ServerWithTls, TellsAClientWithoutTlsThatItIsWrong) {
  configs_["tls"] = WithTls(MakeIdentity("one", ""));
  Start("tls");
  const Answer answer = Get(address_, "/");
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.body, "Client sent an HTTP request to an HTTPS server.\n");
}

TEST_F(ServerWithTls, ServesANewCertificateFromTheNextHandshakeOn) {
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

TEST_F(ServerWithTls, ReadsAgainWhenACertificateFileChanges) {
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

TEST_F(ServerWithTls, HonoursVersionsCiphersAndCurves) {
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

TEST_F(ServerWithTls, AcceptsOnlyTls13WithSuitesOfTls13Alone) {
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

TEST_F(ServerWithTls, AsksClientsForCertificatesAsConfigured) {
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

TEST_F(ServerWithTls, AcceptsOnlyAllowedAlternativeNames) {
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

TEST_F(ServerWithTls, NamesTheTlsSettingThatIsWrong) {
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

TEST_F(ServerWithTls, AnswersWhileThreeHundredHandshakesStall) {
  configs_["tls"] = WithTls(MakeIdentity("one", ""));
  Start("tls");
  std::vector<RawClient> crowd;
  for (int i = 0; i < 300; ++i) {
    crowd.emplace_back(address_);
    crowd.back().Send(std::string("\x16\x03\x01\x02\x00\x01", 6));  // A ClientHello's beginning.
  }
  for (int i = 0; i < 5; ++i) EXPECT_EQ(GetOverTls({.address = address_}).answer.status, 200);
}

}  // namespace
}  // namespace netstack
