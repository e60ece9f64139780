#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "exporter/http/guard_policy.h"
#include "exporter/http/log.h"
#include "exporter/http/message.h"
#include "exporter/http/web_config_watch.h"
#include "kernel/result.h"

namespace netstack {

struct ServerOptions {
  // ":10417" (IPv6 and IPv4), "127.0.0.1:0", "[::1]:9100", "unix:/path".
  std::vector<std::string> listen_addresses = {":10417"};
  int max_requests = 40;        // Concurrent calls of the handler, further ones get 503; 0: any.
  std::string web_config_file;  // Empty: neither TLS nor passwords.
  WebConfigWatch::Load load_web_config;  // Needed with web_config_file only: LoadWebConfig.
  HttpLog log;
  int workers = 64;  // Connections served at once: those beyond wait.
  std::chrono::milliseconds request_timeout{5000};  // To send a request, and to take some answer.
  std::chrono::milliseconds stop_timeout{10000};    // For requests in flight when stopping.
  GuardLimits guard;
};

// An HTTP/1.1 server, one request for each connection. GET and HEAD reach the handler with the path
// as it was sent; everything else is answered here.
class Server {
 public:
  // Starts to serve. `handler` is called until Stop has returned. Errors: an address that cannot be
  // bound, a web configuration that cannot be used.
  static Result<std::unique_ptr<Server>> Start(ServerOptions options, Handler handler);

  ~Server();  // Stops.
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // What is listened on: "[::]:10417", "127.0.0.1:40123", "unix:/path". Unix sockets are last.
  std::vector<std::string> addresses() const;

  bool has_tls() const;

  // Takes no new connections, lets requests in flight finish within `patience` (default: the
  // option's stop_timeout), then ends.
  void Stop();
  void Stop(std::chrono::milliseconds patience);

 private:
  class Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  const std::unique_ptr<Impl> impl_;
};

// What the HTTP server can do, for the log line at start: versions, IPv6, unix sockets, TLS.
std::string DescribeHttpServer();

}  // namespace netstack
