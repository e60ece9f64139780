#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "kernel/result.h"

namespace netstack {

// How clients of the TLS port have to identify themselves; the words are exporter-toolkit's.
enum class ClientAuth {
  kNoClientCert,
  kRequestClientCert,
  kRequireAnyClientCert,
  kVerifyClientCertIfGiven,
  kRequireAndVerifyClientCert,
};

struct TlsConfig {
  bool enabled = false;
  std::string cert_pem;  // PEM text; read from cert_file unless given inline.
  std::string key_pem;
  std::string client_ca_pem;  // Empty: no client CA.
  ClientAuth client_auth = ClientAuth::kNoClientCert;
  std::vector<std::string> client_allowed_sans;
  std::string min_version = "TLS12";
  std::string max_version = "TLS13";
  std::vector<std::string> cipher_suites;      // IANA names; empty: OpenSSL's default.
  std::vector<std::string> curve_preferences;  // Go names: CurveP256, X25519...
  bool prefer_server_cipher_suites = true;
  // Files the texts above came from: when one changes the config is read again.
  std::vector<std::string> files;
};

// The web configuration file (--web.config.file), in exporter-toolkit's format.
struct WebConfig {
  TlsConfig tls;
  std::map<std::string, std::string> headers;           // Only the five that the toolkit allows.
  std::map<std::string, std::string> basic_auth_users;  // User to bcrypt hash, checked for form.
  std::chrono::nanoseconds rate_limit_interval{0};      // 0: no limit.
  int rate_limit_burst = 0;
};

// Reads `path`. Unknown and duplicate keys, bad words and unreadable files are errors that name
// file, line and column. Relative paths inside are relative to the file's own directory.
Result<WebConfig> LoadWebConfig(const std::string& path);

}  // namespace netstack
