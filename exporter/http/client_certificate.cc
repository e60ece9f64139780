#include "exporter/http/client_certificate.h"

#include <arpa/inet.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <memory>

namespace netstack {
namespace {

struct NamesFree {
  void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
};

std::string Text(const ASN1_STRING* text) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
          static_cast<std::size_t>(ASN1_STRING_length(text))};
}

std::string AddressText(const ASN1_OCTET_STRING* address) {
  const int size = ASN1_STRING_length(address);
  char buffer[INET6_ADDRSTRLEN] = "";
  if (size == 4 || size == 16) {
    inet_ntop(size == 4 ? AF_INET : AF_INET6, ASN1_STRING_get0_data(address), buffer,
              sizeof(buffer));
  }
  return buffer;
}

std::string NameText(const GENERAL_NAME* name) {
  switch (name->type) {
    case GEN_DNS:
      return Text(name->d.dNSName);
    case GEN_EMAIL:
      return Text(name->d.rfc822Name);
    case GEN_URI:
      return Text(name->d.uniformResourceIdentifier);
    case GEN_IPADD:
      return AddressText(name->d.iPAddress);
    default:
      return {};
  }
}

}  // namespace

int ClientCertificatePolicy::VerifyMode() const {
  switch (auth) {
    case ClientAuth::kNoClientCert:
      return SSL_VERIFY_NONE;
    case ClientAuth::kRequestClientCert:
    case ClientAuth::kVerifyClientCertIfGiven:
      return SSL_VERIFY_PEER;
    case ClientAuth::kRequireAnyClientCert:
    case ClientAuth::kRequireAndVerifyClientCert:
      return SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
  }
  return SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
}

bool ClientCertificatePolicy::VerifiesChain() const {
  return auth != ClientAuth::kRequestClientCert && auth != ClientAuth::kRequireAnyClientCert;
}

bool ClientCertificatePolicy::AllowsSubject(X509* certificate) const {
  if (allowed_sans.empty()) return true;
  const std::unique_ptr<GENERAL_NAMES, NamesFree> names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const std::string name = NameText(sk_GENERAL_NAME_value(names.get(), i));
    if (!name.empty() &&
        std::find(allowed_sans.begin(), allowed_sans.end(), name) != allowed_sans.end()) {
      return true;
    }
  }
  return false;
}

}  // namespace netstack
