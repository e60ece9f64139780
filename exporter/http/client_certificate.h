#pragma once

#include <string>
#include <vector>

#include "config/web_config.h"

struct x509_st;

namespace netstack {

// Which client certificates a TLS server asks for and accepts.
struct ClientCertificatePolicy {
  ClientAuth auth = ClientAuth::kNoClientCert;
  std::vector<std::string> allowed_sans;  // Empty: any.

  // OpenSSL's flags.
  int VerifyMode() const;
  // Whether a certificate must lead to the client CA; otherwise any will do.
  bool VerifiesChain() const;
  // Whether one of the certificate's DNS, e-mail, IP or URI names is exactly an allowed one.
  bool AllowsSubject(x509_st* certificate) const;
};

}  // namespace netstack
