#include "exporter/http/tls_context.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <array>
#include <string_view>
#include <utility>

#include "exporter/http/client_certificate.h"

namespace netstack {
namespace {

struct Word {
  std::string_view name;
  int value;
};
constexpr std::array<Word, 4> kVersions = {{{"TLS10", TLS1_2_VERSION},
                                            {"TLS11", TLS1_2_VERSION},
                                            {"TLS12", TLS1_2_VERSION},
                                            {"TLS13", TLS1_3_VERSION}}};

struct Curve {
  std::string_view go_name;
  std::string_view openssl_name;
};
constexpr std::array<Curve, 4> kCurves = {
    {{"CurveP256", "P-256"}, {"CurveP384", "P-384"}, {"CurveP521", "P-521"}, {"X25519", "X25519"}}};

// What of a configuration OpenSSL does not pass on when a connection changes its context.
struct Parameters {
  int min_version = TLS1_2_VERSION;
  int max_version = TLS1_3_VERSION;
  std::string tls12_ciphers;  // Empty: OpenSSL's default, as with the next two.
  std::string tls13_suites;
  std::string groups;
  bool prefer_server_ciphers = true;
  ClientCertificatePolicy clients;
};

struct BioFree {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
struct X509Free {
  void operator()(X509* certificate) const { X509_free(certificate); }
};
struct KeyFree {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using BioPtr = std::unique_ptr<BIO, BioFree>;
using X509Ptr = std::unique_ptr<X509, X509Free>;
using KeyPtr = std::unique_ptr<EVP_PKEY, KeyFree>;

Error Invalid(const std::string& path, std::string_view setting, std::string_view why) {
  std::string what = "tls_server_config: " + std::string(setting) + ": " + std::string(why);
  if (const unsigned long code = ERR_peek_last_error(); code != 0) {
    const char* reason = ERR_reason_error_string(code);
    if (reason != nullptr) what += std::string(" (") + reason + ")";
  }
  ERR_clear_error();
  return {.kind = ErrorKind::kInvalid, .path = path, .what = std::move(what)};
}

BioPtr OpenText(const std::string& text) {
  return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// Without this OpenSSL asks on the terminal for the password of an encrypted key.
int NoPassword(char*, int, int, void*) {
  return 0;
}

X509Ptr NextCertificate(BIO* bio) {
  X509Ptr certificate(PEM_read_bio_X509(bio, nullptr, NoPassword, nullptr));
  if (!certificate) ERR_clear_error();  // The end of the text is an error to OpenSSL.
  return certificate;
}

Status UseCertificate(SSL_CTX* context, const TlsConfig& config, const std::string& path) {
  const BioPtr bio = OpenText(config.cert_pem);
  const X509Ptr leaf = NextCertificate(bio.get());
  if (!leaf) return Invalid(path, "cert", "no certificate in PEM form");
  if (SSL_CTX_use_certificate(context, leaf.get()) != 1) return Invalid(path, "cert", "refused");
  while (const X509Ptr link = NextCertificate(bio.get())) {
    if (SSL_CTX_add1_chain_cert(context, link.get()) != 1) return Invalid(path, "cert", "chain");
  }
  const BioPtr key_bio = OpenText(config.key_pem);
  const KeyPtr key(PEM_read_bio_PrivateKey(key_bio.get(), nullptr, NoPassword, nullptr));
  if (!key) return Invalid(path, "key", "no readable private key in PEM form");
  if (SSL_CTX_use_PrivateKey(context, key.get()) != 1 || SSL_CTX_check_private_key(context) != 1) {
    return Invalid(path, "key", "does not belong to the certificate");
  }
  return {};
}

Status UseClientCa(SSL_CTX* context, const TlsConfig& config, const std::string& path) {
  if (config.client_ca_pem.empty()) return {};
  const BioPtr bio = OpenText(config.client_ca_pem);
  int count = 0;
  while (const X509Ptr ca = NextCertificate(bio.get())) {
    if (X509_STORE_add_cert(SSL_CTX_get_cert_store(context), ca.get()) != 1 ||
        SSL_CTX_add_client_CA(context, ca.get()) != 1) {
      return Invalid(path, "client_ca", "refused");
    }
    ++count;
  }
  if (count == 0) return Invalid(path, "client_ca", "no certificate in PEM form");
  return {};
}

Result<int> Version(const std::string& word, std::string_view setting, const std::string& path) {
  for (const Word& version : kVersions) {
    if (version.name == word) return version.value;
  }
  return Invalid(path, setting, "unknown version '" + word + "'");
}

void Append(std::string& list, std::string_view item) {
  if (!list.empty()) list += ':';
  list += item;
}

Status ReadCiphers(const TlsConfig& config, const std::string& path, Parameters& out) {
  for (const std::string& name : config.cipher_suites) {
    const std::string_view openssl_name = OPENSSL_cipher_name(name.c_str());
    if (openssl_name == "(NONE)") {
      return Invalid(path, "cipher_suites", "unknown cipher '" + name + "'");
    }
    // The suites of TLS 1.3 are called the same by IANA and OpenSSL.
    Append(openssl_name.starts_with("TLS_") ? out.tls13_suites : out.tls12_ciphers, openssl_name);
  }
  if (!config.cipher_suites.empty() && out.tls12_ciphers.empty()) out.min_version = TLS1_3_VERSION;
  return {};
}

Status ReadCurves(const TlsConfig& config, const std::string& path, Parameters& out) {
  for (const std::string& name : config.curve_preferences) {
    std::string_view openssl_name;
    for (const Curve& curve : kCurves) {
      if (curve.go_name == name) openssl_name = curve.openssl_name;
    }
    if (openssl_name.empty()) {
      return Invalid(path, "curve_preferences", "unknown curve '" + name + "'");
    }
    Append(out.groups, openssl_name);
  }
  return {};
}

Result<Parameters> ReadParameters(const TlsConfig& config, const std::string& path) {
  Parameters out;
  const Result<int> min = Version(config.min_version, "min_version", path);
  if (!min) return min.error();
  const Result<int> max = Version(config.max_version, "max_version", path);
  if (!max) return max.error();
  if (config.max_version == "TLS10" || config.max_version == "TLS11") {
    return Invalid(path, "max_version", "nothing below TLS12 is spoken");
  }
  out.min_version = *min;
  out.max_version = *max;
  if (Status status = ReadCiphers(config, path, out); !status) return status.error();
  if (Status status = ReadCurves(config, path, out); !status) return status.error();
  if (out.min_version > out.max_version) {
    return Invalid(path, "min_version", "above max_version or what cipher_suites allow");
  }
  out.prefer_server_ciphers = config.prefer_server_cipher_suites;
  out.clients = {.auth = config.client_auth, .allowed_sans = config.client_allowed_sans};
  return out;
}

// Each of them is tried at load time already, so that a mistake is an error with a name.
bool ApplyCiphersAndGroups(SSL* ssl, const Parameters& p) {
  return (p.tls12_ciphers.empty() || SSL_set_cipher_list(ssl, p.tls12_ciphers.c_str()) == 1) &&
         (p.tls13_suites.empty() || SSL_set_ciphersuites(ssl, p.tls13_suites.c_str()) == 1) &&
         (p.groups.empty() || SSL_set1_groups_list(ssl, p.groups.c_str()) == 1);
}

constexpr unsigned char kAlpnHttp11[] = "\x08http/1.1";

// HTTP/2 is never chosen, also where the configuration allows it.
int ChooseHttp11(SSL*, const unsigned char** out, unsigned char* out_size,
                 const unsigned char* offered, unsigned int offered_size, void*) {
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, out_size, kAlpnHttp11, sizeof(kAlpnHttp11) - 1, offered,
                            offered_size) != OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_NOACK;
  }
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

void FreeParameters(void*, void* parameters, CRYPTO_EX_DATA*, int, long, void*) {
  delete static_cast<Parameters*>(parameters);
}

// The slot of a context where its Parameters are; they live as long as the context.
int ParametersSlot() {
  static const int slot = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, FreeParameters);
  return slot;
}

int VerifyClient(int chain_is_valid, X509_STORE_CTX* store) {
  const auto* ssl = static_cast<const SSL*>(
      X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  const auto* parameters =
      static_cast<const Parameters*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), ParametersSlot()));
  if (parameters == nullptr) return 0;
  if (parameters->clients.VerifiesChain() && chain_is_valid != 1) return 0;
  const bool at_leaf = X509_STORE_CTX_get_error_depth(store) == 0;
  if (at_leaf && !parameters->clients.AllowsSubject(X509_STORE_CTX_get0_cert(store))) {
    X509_STORE_CTX_set_error(store, X509_V_ERR_APPLICATION_VERIFICATION);
    return 0;
  }
  return 1;
}

}  // namespace

Result<TlsContext> MakeTlsContext(const TlsConfig& config, const std::string& path) {
  ERR_clear_error();
  const TlsContext context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  if (!context) return Invalid(path, "context", "out of memory");
  if (Status s = UseCertificate(context.get(), config, path); !s) return s.error();
  if (Status s = UseClientCa(context.get(), config, path); !s) return s.error();
  Result<Parameters> parameters = ReadParameters(config, path);
  if (!parameters) return parameters.error();
  auto owned = std::make_unique<Parameters>(*std::move(parameters));
  const std::unique_ptr<SSL, decltype(&SSL_free)> probe(SSL_new(context.get()), SSL_free);
  if (!probe || !ApplyCiphersAndGroups(probe.get(), *owned)) {
    return Invalid(path, "cipher_suites or curve_preferences", "not usable");
  }
  if (SSL_CTX_set_ex_data(context.get(), ParametersSlot(), owned.get()) != 1) {
    return Invalid(path, "context", "out of memory");
  }
  SSL_CTX_set_alpn_select_cb(context.get(), ChooseHttp11, nullptr);
  owned.release();  // NOLINT: FreeParameters deletes it with the context.
  return context;
}

bool ApplyTlsContext(SSL* ssl, const TlsContext& context) {
  const auto* p =
      static_cast<const Parameters*>(SSL_CTX_get_ex_data(context.get(), ParametersSlot()));
  if (p == nullptr || SSL_set_SSL_CTX(ssl, context.get()) == nullptr) return false;
  if (p->prefer_server_ciphers) SSL_set_options(ssl, SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_set_verify(ssl, p->clients.VerifyMode(), VerifyClient);
  if (STACK_OF(X509_NAME)* names = SSL_CTX_get_client_CA_list(context.get()); names != nullptr) {
    SSL_set_client_CA_list(ssl, SSL_dup_CA_list(names));
  }
  return SSL_set_min_proto_version(ssl, p->min_version) == 1 &&
         SSL_set_max_proto_version(ssl, p->max_version) == 1 && ApplyCiphersAndGroups(ssl, *p);
}

}  // namespace netstack
