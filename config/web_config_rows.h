#pragma once

#include <span>
#include <string>
#include <string_view>

#include "collectors/options.h"

namespace netstack {

// What exporter-toolkit's web configuration file can say, as rows of options.
std::span<const OptionSpec> TlsRows();        // tls_server_config
std::span<const OptionSpec> HttpRows();       // http_server_config, but headers.
std::span<const OptionSpec> HeaderRows();     // http_server_config.headers
std::span<const OptionSpec> RateLimitRows();  // rate_limit

// Words that may stand in cipher_suites and in curve_preferences.
std::span<const std::string_view> CipherSuites();
std::span<const std::string_view> Curves();

// Says what is wrong with a bcrypt hash, or returns an empty string. Never shows the hash.
std::string ComplaintAboutBcryptHash(std::string_view hash);

}  // namespace netstack
