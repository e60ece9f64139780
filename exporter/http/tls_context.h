#pragma once

#include <memory>
#include <string>

#include "config/web_config.h"
#include "kernel/result.h"

struct ssl_st;
struct ssl_ctx_st;

namespace netstack {

using TlsContext = std::shared_ptr<ssl_ctx_st>;

// Makes an OpenSSL context out of the configuration: certificate chain, key, versions, ciphers by
// IANA names, curves by Go's names, client authentication with allowed subject alternative names.
// The words TLS10 and TLS11 are accepted, but nothing below TLS 1.2 is spoken. Errors (kInvalid)
// name `path` and the setting.
Result<TlsContext> MakeTlsContext(const TlsConfig& config, const std::string& path);

// Gives a connection, during its ClientHello, everything that `context` says.
bool ApplyTlsContext(ssl_st* connection, const TlsContext& context);

}  // namespace netstack
