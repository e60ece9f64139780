#include "config/web_config_rows.h"

#include <algorithm>
#include <array>
#include <limits>

namespace netstack {
namespace {

using Kind = OptionSpec::Kind;

constexpr std::string_view kVersions = "TLS10|TLS11|TLS12|TLS13";

// The file has help of its own, in the toolkit's documentation.
constexpr OptionSpec Row(std::string_view name, Kind kind, std::string_view default_value = "",
                         std::string_view words = "") {
  return {.name = name, .kind = kind, .default_value = default_value, .help = "", .words = words};
}

constexpr auto kTlsRows = std::to_array<OptionSpec>({
    Row("cert", Kind::kText),
    Row("key", Kind::kText),
    Row("client_ca", Kind::kText),
    Row("cert_file", Kind::kText),
    Row("key_file", Kind::kText),
    Row("client_ca_file", Kind::kText),
    Row("client_auth_type", Kind::kText),
    Row("client_allowed_sans", Kind::kList),
    Row("min_version", Kind::kWord, "TLS12", kVersions),
    Row("max_version", Kind::kWord, "TLS13", kVersions),
    Row("cipher_suites", Kind::kList),
    Row("prefer_server_cipher_suites", Kind::kBool, "true"),
    Row("curve_preferences", Kind::kList),
});

// Accepted, as the toolkit does; the server speaks HTTP/1.1 all the same.
constexpr auto kHttpRows = std::to_array<OptionSpec>({
    Row("http2", Kind::kBool, "true"),
});

constexpr auto kHeaderRows = std::to_array<OptionSpec>({
    Row("Strict-Transport-Security", Kind::kText),
    Row("X-Content-Type-Options", Kind::kWord, "nosniff", "nosniff"),
    Row("X-Frame-Options", Kind::kWord, "deny", "deny|sameorigin"),
    Row("X-XSS-Protection", Kind::kText),
    Row("Content-Security-Policy", Kind::kText),
});

constexpr auto kRateLimitRows = std::to_array<OptionSpec>({
    Row("interval", Kind::kDuration, "0"),
    {.name = "burst",
     .kind = Kind::kInteger,
     .default_value = "0",
     .help = "",
     .max = std::numeric_limits<int>::max()},
});

// Those that Go's crypto/tls offers and calls secure.
constexpr auto kCipherSuites = std::to_array<std::string_view>({
    "TLS_AES_128_GCM_SHA256",
    "TLS_AES_256_GCM_SHA384",
    "TLS_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
    "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
    "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
    "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
});

constexpr auto kCurves =
    std::to_array<std::string_view>({"CurveP256", "CurveP384", "CurveP521", "X25519"});

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

bool IsBcryptBase64(char c) {
  return c == '.' || c == '/' || IsDigit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

}  // namespace

std::span<const OptionSpec> TlsRows() {
  return kTlsRows;
}
std::span<const OptionSpec> HttpRows() {
  return kHttpRows;
}
std::span<const OptionSpec> HeaderRows() {
  return kHeaderRows;
}
std::span<const OptionSpec> RateLimitRows() {
  return kRateLimitRows;
}
std::span<const std::string_view> CipherSuites() {
  return kCipherSuites;
}
std::span<const std::string_view> Curves() {
  return kCurves;
}

// $2b$12$ and 53 characters of salt and hash. Anything else crypt() would take for another method,
// down to DES.
std::string ComplaintAboutBcryptHash(std::string_view hash) {
  constexpr std::string_view kNotBcrypt = "not a bcrypt hash ($2a$, $2b$ or $2y$)";
  constexpr std::size_t kPrefix = 7;
  constexpr std::size_t kLength = 60;
  if (hash.size() != kLength || !hash.starts_with("$2")) return std::string(kNotBcrypt);
  const bool variant = hash[2] == 'a' || hash[2] == 'b' || hash[2] == 'y';
  const bool marks = hash[3] == '$' && IsDigit(hash[4]) && IsDigit(hash[5]) && hash[6] == '$';
  if (!variant || !marks || !std::ranges::all_of(hash.substr(kPrefix), IsBcryptBase64)) {
    return std::string(kNotBcrypt);
  }
  const int cost = (hash[4] - '0') * 10 + (hash[5] - '0');
  return cost >= 4 && cost <= 31 ? "" : "bcrypt cost is not between 4 and 31";
}

}  // namespace netstack
