#include "exporter/http/request_gate.h"

#include <exception>
#include <string>
#include <utility>

#include "exporter/http/bcrypt.h"
#include "exporter/http/client_certificate.h"

namespace netstack {
namespace {

// A status of its own range: the request may go on.
constexpr int kPass = 0;

RateLimit MakeRateLimit(WebConfigWatch& watch) {
  const auto live = watch.Current();
  if (!live) return {std::chrono::nanoseconds(0), 0};
  return {live->config.rate_limit_interval, live->config.rate_limit_burst};
}

bool CertificateIsVerified(const LiveWebConfig& live) {
  const ClientCertificatePolicy policy{.auth = live.config.tls.client_auth, .allowed_sans = {}};
  return live.config.tls.enabled && policy.VerifyMode() != 0 && policy.VerifiesChain();
}

class Running {
 public:
  explicit Running(std::atomic<int>& count) : count_(count), now_(++count) {}
  ~Running() { --count_; }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  int now() const { return now_; }

 private:
  std::atomic<int>& count_;
  const int now_;
};

}  // namespace

RequestGate::RequestGate(WebConfigWatch& watch, int max_requests, Handler handler, HttpLog log)
    : watch_(watch),
      max_requests_(max_requests),
      handler_(std::move(handler)),
      log_(std::move(log)),
      rate_limit_(MakeRateLimit(watch)),
      auth_(VerifyBcrypt) {}

Response RequestGate::Answer(Request request, bool peer_has_certificate) {
  try {
    const auto live = watch_.Current();
    if (!live) return TextResponse(500, "Internal Server Error\n");
    if (!rate_limit_.Allow(RateLimit::Clock::now()))
      return TextResponse(429, "Too Many Requests\n");
    Response response = AnswerWith(*live, request, peer_has_certificate);
    for (const auto& [name, value] : live->config.headers)
      response.headers.emplace_back(name, value);
    return response;
  } catch (const std::exception& e) {
    if (log_) log_(HttpLogLevel::kError, "request failed: " + std::string(e.what()));
  } catch (...) {
    if (log_) log_(HttpLogLevel::kError, "request failed with an unknown exception");
  }
  return Response{.status = 500};
}

Response RequestGate::AnswerWith(const LiveWebConfig& live, Request& request,
                                 bool peer_has_certificate) {
  if (!live.config.basic_auth_users.empty()) {
    Response refusal = CheckPassword(live, request);
    if (refusal.status != kPass) return refusal;
  }
  request.authenticated |= peer_has_certificate && CertificateIsVerified(live);
  if (request.method != "GET" && request.method != "HEAD") {
    Response response = TextResponse(405, "Method Not Allowed\n");
    response.headers.emplace_back("Allow", "GET, HEAD");
    return response;
  }
  return CallHandler(request);
}

Response RequestGate::CheckPassword(const LiveWebConfig& live, Request& request) {
  switch (auth_.Check(live.config.basic_auth_users, request.Header("Authorization"))) {
    case AuthResult::kAccepted:
      request.authenticated = true;
      return Response{.status = kPass};
    case AuthResult::kBusy:
      return TextResponse(503, "Too many password checks at once, try again later.\n");
    case AuthResult::kRefused:
      break;
  }
  Response response = TextResponse(401, "Unauthorized\n");
  response.headers.emplace_back("WWW-Authenticate", "Basic");
  return response;
}

Response RequestGate::CallHandler(const Request& request) {
  const Running running(running_);
  if (max_requests_ > 0 && running.now() > max_requests_) {
    return TextResponse(503, "Limit of concurrent requests reached (" +
                                 std::to_string(max_requests_) + "), try again later.\n");
  }
  try {
    return handler_(request);
  } catch (const std::exception& e) {
    if (log_) log_(HttpLogLevel::kError, "handler failed: " + std::string(e.what()));
  } catch (...) {
    if (log_) log_(HttpLogLevel::kError, "handler failed with an unknown exception");
  }
  return TextResponse(500, "Internal Server Error\n");
}

}  // namespace netstack
