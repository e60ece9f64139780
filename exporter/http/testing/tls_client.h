#pragma once

#include <string>

#include "exporter/http/testing/raw_client.h"

namespace netstack::testing {

// A certificate with its key, both in PEM form.
struct Identity {
  std::string certificate;
  std::string key;
};

// Makes a P-256 key and a certificate for `common_name`, with the subject alternative names of
// `sans` in OpenSSL's notation ("DNS:a,IP:127.0.0.1"), signed by `issuer` or by itself.
Identity MakeIdentity(const std::string& common_name, const std::string& sans,
                      const Identity* issuer = nullptr);

struct TlsRequest {
  std::string address;
  std::string target = "/";
  std::string headers = {};          // Whole lines ending in CRLF.
  const Identity* client = nullptr;  // Shown if the server asks.
  int max_version = 0;               // TLS1_2_VERSION...; 0: any.
  std::string tls12_ciphers = {};    // OpenSSL's notation; empty: default.
  std::string groups = {};           // Likewise.
};

struct TlsAnswer {
  Answer answer;               // Status 0: handshake or reading failed.
  std::string version;         // "TLSv1.3"
  std::string cipher;          // OpenSSL's name.
  std::string server_subject;  // The common name of the server's certificate.
  std::string alpn;            // What the server chose out of h2 and http/1.1.
};

// A GET over TLS. The server's certificate is not verified.
TlsAnswer GetOverTls(const TlsRequest& request);

}  // namespace netstack::testing
