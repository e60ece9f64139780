#pragma once

#include <memory>

#include "exporter/http/tls_context.h"
#include "exporter/http/web_config_watch.h"

namespace netstack {

// The OpenSSL context that connections are accepted with. It has no certificate of its own: at each
// ClientHello the connection gets what the web configuration says at that moment, and fails while
// that is broken. No session is resumed, so that no change can be slept through. A client that
// speaks plain HTTP is told so.
class TlsListener {
 public:
  // `watch` must outlive the listener. Throws bad_alloc.
  explicit TlsListener(WebConfigWatch& watch);

  ssl_ctx_st* context() const { return context_.get(); }

 private:
  const TlsContext context_;
};

}  // namespace netstack
