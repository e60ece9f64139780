#include "exporter/http/tls_listener.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <new>
#include <string_view>

namespace netstack {
namespace {

int OnClientHello(SSL* ssl, int* alert, void* watch) {
  const auto live = static_cast<WebConfigWatch*>(watch)->Current();
  if (live && live->tls && ApplyTlsContext(ssl, live->tls)) {
    return SSL_CLIENT_HELLO_SUCCESS;
  }
  *alert = SSL_AD_INTERNAL_ERROR;
  return SSL_CLIENT_HELLO_ERROR;
}

// OpenSSL knows a request in clear text when it sees one, and ends the handshake without an alert.
void OnHandshakeEnd(const SSL* ssl, int where, int result) {
  if ((where & SSL_CB_EXIT) == 0 || result > 0) return;
  const unsigned long error = ERR_peek_last_error();
  if (ERR_GET_LIB(error) != ERR_LIB_SSL || ERR_GET_REASON(error) != SSL_R_HTTP_REQUEST) return;
  constexpr std::string_view kAnswer =
      "HTTP/1.0 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n"
      "Connection: close\r\n\r\nClient sent an HTTP request to an HTTPS server.\n";
  const int fd = SSL_get_fd(ssl);
  // What stays unread when the socket closes would reset the connection before the answer is there.
  char rest[4096];
  (void)recv(fd, rest, sizeof(rest), MSG_DONTWAIT);
  (void)send(fd, kAnswer.data(), kAnswer.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

TlsContext NewContext() {
  TlsContext context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  if (!context) throw std::bad_alloc();
  return context;
}

}  // namespace

TlsListener::TlsListener(WebConfigWatch& watch) : context_(NewContext()) {
  SSL_CTX* context = context_.get();
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  // Renegotiation would let a client that stalls keep a worker spinning.
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context, 0);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_client_hello_cb(context, OnClientHello, &watch);
  SSL_CTX_set_info_callback(context, OnHandshakeEnd);
}

}  // namespace netstack
