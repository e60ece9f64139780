#pragma once

#include <atomic>
#include <chrono>
#include <memory>

#include "exporter/http/basic_auth.h"
#include "exporter/http/log.h"
#include "exporter/http/message.h"
#include "exporter/http/rate_limit.h"
#include "exporter/http/web_config_watch.h"

namespace netstack {

// What stands between a request and the handler, in exporter-toolkit's order: a broken web
// configuration (500), the rate limit (429), the configured headers, the password (401), then the
// method (405), the limit of concurrent requests (503) and the handler. Knows no sockets.
class RequestGate {
 public:
  // `max_requests` 0: no limit. `watch` must outlive the gate.
  RequestGate(WebConfigWatch& watch, int max_requests, Handler handler, HttpLog log);

  // Answers `request`; never throws. `peer_has_certificate`: the TLS client showed one.
  Response Answer(Request request, bool peer_has_certificate);

  // How many requests are in the handler now.
  int running() const { return running_; }

 private:
  Response AnswerWith(const LiveWebConfig& live, Request& request, bool peer_has_certificate);
  Response CallHandler(const Request& request);
  Response CheckPassword(const LiveWebConfig& live, Request& request);

  WebConfigWatch& watch_;
  const int max_requests_;
  const Handler handler_;
  const HttpLog log_;
  RateLimit rate_limit_;
  BasicAuth auth_;
  std::atomic<int> running_ = 0;
};

}  // namespace netstack
