#include "exporter/http/server.h"

#include <civetweb.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <latch>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>

#include "exporter/http/connection_guard.h"
#include "exporter/http/listen_address.h"
#include "exporter/http/quiet_listener.h"
#include "exporter/http/reply.h"
#include "exporter/http/request_gate.h"
#include "exporter/http/sockets.h"
#include "exporter/http/stack_pages.h"
#include "exporter/http/tls_listener.h"

namespace netstack {
namespace {

// 512 is too few: idle connections then fill the queue of those that have not sent anything yet.
constexpr char kListenBacklog[] = "4096";
constexpr char kConnectionQueue[] = "64";
constexpr char kMaxRequestBytes[] = "8192";
constexpr std::chrono::seconds kDeferAccept{5};
constexpr long long kMaxDiscardedBody = 65536;
// What civetweb calls the peer of a unix socket.
constexpr std::string_view kUnixPeer = "*";

bool IsLoopback(std::string_view address) {
  return address.starts_with("127.") || address == "::1" || address.starts_with("::ffff:127.");
}

// civetweb accepts "Host : a" and leaves two zero bytes where one would be after the name.
bool HasSpaceBeforeColon(const mg_header& header) {
  const char* after_name = header.name + std::strlen(header.name) + 1;
  return header.value > after_name && *after_name == '\0';
}

// The body of a refused request: left unread it would reset the connection, and the peer would lose
// the answer.
void DiscardBody(mg_connection* connection, const mg_request_info& info) {
  if (info.content_length <= 0 || info.content_length > kMaxDiscardedBody) return;
  char buffer[2048];
  while (mg_read(connection, buffer, sizeof(buffer)) > 0) {
  }
}

}  // namespace

class Server::Impl {
 public:
  Impl(ServerOptions options, std::unique_ptr<WebConfigWatch> watch, Handler handler)
      : options_(std::move(options)),
        watch_(std::move(watch)),
        gate_(*watch_, options_.max_requests, std::move(handler), options_.log) {}
  ~Impl() { Stop(options_.stop_timeout); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Status Start();
  void Stop(std::chrono::milliseconds patience);
  const ServerOptions& options() const { return options_; }
  const std::vector<ListeningSocket>& listeners() const { return listeners_; }
  bool has_tls() const { return watch_->tls_at_start(); }

 private:
  Status StartCivetweb(const std::string& specs);
  mg_callbacks Callbacks() const;
  int OnRequest(mg_connection* connection);
  Response AnswerTo(const mg_request_info& info);
  int OnLog(const char* message);

  const ServerOptions options_;
  const std::unique_ptr<WebConfigWatch> watch_;
  RequestGate gate_;
  std::optional<TlsListener> tls_;
  std::mutex log_mutex_;
  std::string start_messages_;  // What civetweb says while it starts: reasons for a failure.
  bool started_ = false;
  mg_context* context_ = nullptr;
  std::vector<ListeningSocket> listeners_;
  std::optional<ConnectionGuard> guard_;
  std::latch is_whole_{1};  // civetweb's threads answer before its start has returned.
};

Status Server::Impl::Start() {
  const Result<std::string> specs =
      CivetwebListenSpecs(options_.listen_addresses, has_tls(), HostHasIpv6());
  if (!specs) return specs.error();
  for (const std::string& address : options_.listen_addresses) {
    RemoveStaleUnixSocket(UnixSocketPath(address));
  }
  const std::vector<ListeningSocket> before = FindListeningSockets();
  if (Status status = StartCivetweb(*specs); !status) return status;
  listeners_ = NewSockets(before, FindListeningSockets());
  for (const ListeningSocket& listener : listeners_) DeferAccept(listener.fd, kDeferAccept);
  guard_.emplace(listeners_, options_.guard, options_.log);
  is_whole_.count_down();
  return {};
}

mg_callbacks Server::Impl::Callbacks() const {
  mg_callbacks callbacks{};
  callbacks.begin_request = [](mg_connection* c) {
    return static_cast<Impl*>(mg_get_user_data(mg_get_context(c)))->OnRequest(c);
  };
  callbacks.log_message = [](const mg_connection* c, const char* message) {
    auto* self = static_cast<Impl*>(mg_get_user_data(mg_get_context(c)));
    return self != nullptr ? self->OnLog(message) : 1;
  };
  callbacks.http_error = [](mg_connection* c, int status, const char*) {
    SendReply(c, TextResponse(status, StatusText(status) + "\n"), false);
    return 0;
  };
  // What one worker needs for a page would in the end be kept by all 64 of them.
  callbacks.init_thread = [](const mg_context*, int) { return StackEnd(); };
  callbacks.connection_closed = [](const mg_connection* c) {
    ReleaseStackBelow(mg_get_thread_pointer(c));
  };
  // OpenSSL keeps random generators for each thread, and does not always notice its end.
  callbacks.exit_thread = [](const mg_context*, int, void*) { OPENSSL_thread_stop(); };
  // Called once to get the context and once before it would be freed; it stays ours. Also called
  // without TLS, for some paths of unix sockets.
  callbacks.external_ssl_ctx = [](void** context, void* user_data) {
    auto* self = static_cast<Impl*>(user_data);
    if (!self->tls_) self->tls_.emplace(*self->watch_);
    *context = self->tls_->context();
    return 1;
  };
  return callbacks;
}

Status Server::Impl::StartCivetweb(const std::string& specs) {
  const std::string workers = std::to_string(options_.workers);
  const std::string timeout = std::to_string(options_.request_timeout.count());
  const char* settings[] = {"listening_ports",
                            specs.c_str(),
                            "num_threads",
                            workers.c_str(),
                            "request_timeout_ms",
                            timeout.c_str(),
                            "listen_backlog",
                            kListenBacklog,
                            "connection_queue",
                            kConnectionQueue,
                            "max_request_size",
                            kMaxRequestBytes,
                            "tcp_nodelay",
                            "1",
                            "enable_keep_alive",
                            "no",
                            "decode_url",
                            "no",
                            "enable_auth_domain_check",
                            "no",
                            nullptr};
  // OpenSSL's start costs 3 MB, so only who needs it pays.
  mg_init_library(has_tls() ? static_cast<unsigned>(MG_FEATURES_TLS) : 0U);
  const mg_callbacks callbacks = Callbacks();
  char text[512] = "";
  mg_init_data init{.callbacks = &callbacks, .user_data = this, .configuration_options = settings};
  mg_error_data error{};
  error.text = text;
  error.text_buffer_size = sizeof(text);
  context_ = mg_start2(&init, &error);
  const std::lock_guard lock(log_mutex_);
  started_ = context_ != nullptr;
  if (started_) return {};
  mg_exit_library();
  return Error{.kind = ErrorKind::kInvalid,
               .path = "--web.listen-address",
               .what = !start_messages_.empty() ? start_messages_ : std::string(text)};
}

int Server::Impl::OnLog(const char* message) {
  const std::lock_guard lock(log_mutex_);
  if (!started_) {
    if (!start_messages_.empty()) start_messages_ += "; ";
    start_messages_ += message;
  } else if (options_.log) {
    // Any peer can provoke these, so they are for debugging only.
    options_.log(HttpLogLevel::kDebug, message);
  }
  return 1;
}

Response Server::Impl::AnswerTo(const mg_request_info& info) {
  std::array<HeaderField, MG_MAX_HEADERS> fields;
  const auto count = static_cast<std::size_t>(info.num_headers);
  for (std::size_t i = 0; i < count; ++i) {
    fields[i] = {.name = info.http_headers[i].name, .value = info.http_headers[i].value};
  }
  const std::span<const HeaderField> headers(fields.data(), count);
  int refusal = CheckRequestHeaders(info.http_version, headers, MG_MAX_HEADERS);
  if (std::any_of(info.http_headers, info.http_headers + count, HasSpaceBeforeColon)) refusal = 400;
  if (refusal != 0) return TextResponse(refusal, StatusText(refusal) + "\n");
  const std::string_view peer = info.remote_addr;
  return gate_.Answer({.method = info.request_method,
                       .path = info.local_uri_raw,
                       .query = info.query_string != nullptr ? info.query_string : "",
                       .headers = headers,
                       .peer_is_loopback = IsLoopback(peer),
                       .peer_is_unix = peer == kUnixPeer},
                      info.client_cert != nullptr);
}

// Runs on a civetweb thread: whatever escaped from here would end the process.
int Server::Impl::OnRequest(mg_connection* connection) {
  is_whole_.wait();
  const mg_request_info& info = *mg_get_request_info(connection);
  int status = 500;
  try {
    const std::string peer = info.remote_addr;
    const bool has_port = peer != kUnixPeer;
    if (has_port) guard_->SetPhase(peer, info.remote_port, ConnectionPhase::kHandling);
    const Response response = AnswerTo(info);
    status = response.status;
    if (has_port) guard_->SetPhase(peer, info.remote_port, ConnectionPhase::kWriting);
    SendReply(connection, response, std::string_view(info.request_method) == "HEAD");
    if (has_port) guard_->SetPhase(peer, info.remote_port, ConnectionPhase::kReading);
    DiscardBody(connection, info);
  } catch (...) {
    OnLog("out of memory while answering a request");
  }
  return status;
}

void Server::Impl::Stop(std::chrono::milliseconds patience) {
  if (context_ == nullptr) return;
  guard_->StopWatching();
  {
    const QuietListeners quiet(listeners_);
    const std::size_t left = guard_->Drain(patience);
    if (left > 0 && options_.log) {
      options_.log(HttpLogLevel::kWarn,
                   "stopping with " + std::to_string(left) + " requests unanswered");
    }
    quiet.WakeUp();
    mg_stop(context_);
  }
  context_ = nullptr;
  mg_exit_library();
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::~Server() = default;

Result<std::unique_ptr<Server>> Server::Start(ServerOptions options, Handler handler) {
  Result<std::unique_ptr<WebConfigWatch>> watch =
      WebConfigWatch::Create(options.web_config_file, options.load_web_config, options.log);
  if (!watch) return watch.error();
  auto impl = std::make_unique<Impl>(std::move(options), *std::move(watch), std::move(handler));
  if (Status status = impl->Start(); !status) return status.error();
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

std::vector<std::string> Server::addresses() const {
  std::vector<std::string> addresses;
  for (const ListeningSocket& listener : impl_->listeners()) addresses.push_back(listener.address);
  return addresses;
}

bool Server::has_tls() const {
  return impl_->has_tls();
}

void Server::Stop() {
  impl_->Stop(impl_->options().stop_timeout);
}

void Server::Stop(std::chrono::milliseconds patience) {
  impl_->Stop(patience);
}

std::string DescribeHttpServer() {
  std::string text = std::string("civetweb ") + mg_version();
  if (mg_check_feature(MG_FEATURES_TLS) != 0) {
    text += std::string(", TLS 1.2 and 1.3 by OpenSSL ") + OpenSSL_version(OPENSSL_VERSION_STRING);
  }
  if (mg_check_feature(MG_FEATURES_IPV6) != 0) text += ", IPv6";
  if (mg_check_feature(MG_FEATURES_X_DOMAIN_SOCKET) != 0) text += ", unix sockets";
  return text;
}

}  // namespace netstack
