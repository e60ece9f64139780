#include "exporter/http/testing/tls_client.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <memory>

namespace netstack::testing {
namespace {

template <class T, auto Free>
struct Freed {
  void operator()(T* object) const { Free(object); }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY, EVP_PKEY_free>>;
using CertificatePtr = std::unique_ptr<X509, Freed<X509, X509_free>>;
using BioPtr = std::unique_ptr<BIO, Freed<BIO, BIO_free_all>>;
using ContextPtr = std::unique_ptr<SSL_CTX, Freed<SSL_CTX, SSL_CTX_free>>;
using SslPtr = std::unique_ptr<SSL, Freed<SSL, SSL_free>>;

BioPtr FromText(const std::string& text) {
  return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

std::string ToText(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

CertificatePtr ReadCertificate(const std::string& pem) {
  return CertificatePtr(PEM_read_bio_X509(FromText(pem).get(), nullptr, nullptr, nullptr));
}

KeyPtr ReadKey(const std::string& pem) {
  return KeyPtr(PEM_read_bio_PrivateKey(FromText(pem).get(), nullptr, nullptr, nullptr));
}

void AddExtension(X509* certificate, int nid, const std::string& value) {
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.c_str());
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

void SetName(X509_NAME* name, const std::string& common_name) {
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(common_name.c_str()), -1, -1,
                             0);
}

std::string CommonName(X509* certificate) {
  char text[256] = "";
  X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, text, sizeof(text));
  return text;
}

ContextPtr MakeContext(const TlsRequest& request) {
  ContextPtr context(SSL_CTX_new(TLS_client_method()));
  if (request.max_version != 0) SSL_CTX_set_max_proto_version(context.get(), request.max_version);
  if (!request.tls12_ciphers.empty()) {
    SSL_CTX_set_cipher_list(context.get(), request.tls12_ciphers.c_str());
  }
  if (!request.groups.empty()) SSL_CTX_set1_groups_list(context.get(), request.groups.c_str());
  constexpr unsigned char kAlpn[] = "\x02h2\x08http/1.1";
  SSL_CTX_set_alpn_protos(context.get(), kAlpn, sizeof(kAlpn) - 1);
  if (request.client != nullptr) {
    SSL_CTX_use_certificate(context.get(), ReadCertificate(request.client->certificate).get());
    SSL_CTX_use_PrivateKey(context.get(), ReadKey(request.client->key).get());
  }
  return context;
}

std::string ReadAll(SSL* ssl) {
  std::string all;
  char buffer[16384];
  int n = 0;
  while ((n = SSL_read(ssl, buffer, sizeof(buffer))) > 0) {
    all.append(buffer, static_cast<std::size_t>(n));
  }
  return all;
}

}  // namespace

Identity MakeIdentity(const std::string& common_name, const std::string& sans,
                      const Identity* issuer) {
  const KeyPtr key(EVP_EC_gen("P-256"));
  const CertificatePtr certificate(X509_new());
  X509_set_version(certificate.get(), 2);
  static long serial = 0;
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 86400);
  X509_set_pubkey(certificate.get(), key.get());
  SetName(X509_get_subject_name(certificate.get()), common_name);
  const CertificatePtr ca = issuer != nullptr ? ReadCertificate(issuer->certificate) : nullptr;
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(ca ? ca.get() : certificate.get()));
  if (issuer == nullptr) AddExtension(certificate.get(), NID_basic_constraints, "CA:TRUE");
  if (!sans.empty()) AddExtension(certificate.get(), NID_subject_alt_name, sans);
  const KeyPtr ca_key = issuer != nullptr ? ReadKey(issuer->key) : nullptr;
  X509_sign(certificate.get(), ca_key ? ca_key.get() : key.get(), EVP_sha256());
  const BioPtr certificate_text(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(certificate_text.get(), certificate.get());
  const BioPtr key_text(BIO_new(BIO_s_mem()));
  PEM_write_bio_PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  return {.certificate = ToText(certificate_text.get()), .key = ToText(key_text.get())};
}

TlsAnswer GetOverTls(const TlsRequest& request) {
  const RawClient connection(request.address);
  const ContextPtr context = MakeContext(request);
  const SslPtr ssl(SSL_new(context.get()));
  SSL_set_fd(ssl.get(), connection.fd());
  TlsAnswer result;
  if (SSL_connect(ssl.get()) == 1) {
    result.version = SSL_get_version(ssl.get());
    result.cipher = SSL_get_cipher_name(ssl.get());
    const CertificatePtr peer(SSL_get1_peer_certificate(ssl.get()));
    if (peer) result.server_subject = CommonName(peer.get());
    const unsigned char* alpn = nullptr;
    unsigned int alpn_size = 0;
    SSL_get0_alpn_selected(ssl.get(), &alpn, &alpn_size);
    if (alpn_size > 0) result.alpn.assign(reinterpret_cast<const char*>(alpn), alpn_size);
    const std::string text =
        "GET " + request.target + " HTTP/1.1\r\nHost: t\r\n" + request.headers + "\r\n";
    SSL_write(ssl.get(), text.data(), static_cast<int>(text.size()));
    result.answer = ParseAnswer(ReadAll(ssl.get()));
  }
  ERR_clear_error();
  return result;
}

}  // namespace netstack::testing
