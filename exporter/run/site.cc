#include "exporter/run/site.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "collectors/catalog.h"
#include "exporter/exposition/format.h"
#include "exporter/http/query.h"
#include "exporter/live/live_page.h"
#include "exporter/page/selection.h"
#include "exporter/run/sockets_api.h"

namespace netstack {
namespace {

constexpr double kLongestTimeout = 3600;

// Counts a request for as long as it is answered.
class InFlight {
 public:
  explicit InFlight(SelfMetrics& self) : self_(self) { self_.RequestStarted(); }
  ~InFlight() { self_.RequestEnded(); }
  InFlight(const InFlight&) = delete;
  InFlight& operator=(const InFlight&) = delete;

 private:
  SelfMetrics& self_;
};

Scraper::Clock::time_point DeadlineOfRequest(const Request& request, const Collection& collection) {
  return DeadlineOf(request.Header("X-Prometheus-Scrape-Timeout-Seconds"),
                    collection.config().scrape, Scraper::Clock::now());
}

}  // namespace

Scraper::Clock::time_point DeadlineOf(std::string_view timeout_header, const ScrapeConfig& config,
                                      Scraper::Clock::time_point now) {
  std::chrono::nanoseconds timeout = config.timeout;
  double seconds = 0;
  const char* const end = timeout_header.data() + timeout_header.size();
  const auto [parsed, error] = std::from_chars(timeout_header.data(), end, seconds);
  if (error == std::errc() && parsed == end && seconds > 0 && seconds <= kLongestTimeout) {
    timeout = std::chrono::duration_cast<std::chrono::nanoseconds>(
        std::chrono::duration<double>(seconds));
  }
  // A margin larger than the time-out would leave no time at all.
  return now + std::max(timeout - config.timeout_margin, timeout / 2);
}

void Site::Replace(std::shared_ptr<Collection> collection) {
  const std::scoped_lock lock(mutex_);
  collection_.swap(collection);
  findings_.Forget();
}

std::shared_ptr<Collection> Site::Current() {
  const std::scoped_lock lock(mutex_);
  return collection_;
}

std::chrono::nanoseconds Site::ScrapeTimeout() {
  return Current()->config().scrape.timeout;
}

Response Site::Answer(const Request& request) {
  const InFlight in_flight(self_);
  Response response = AnswerPath(request);
  self_.CountResponse(response.status);
  return response;
}

Response Site::AnswerPath(const Request& request) {
  const std::shared_ptr<Collection> collection = Current();
  const WebListenConfig& web = collection->config().web;
  if (request.path == web.telemetry_path) return Metrics(request, *collection);
  if (request.path == "/-/healthy") return TextResponse(200, "netstack_exporter is healthy.\n");
  if (request.path == "/-/ready") return TextResponse(200, "netstack_exporter is ready.\n");
  if (auto page = LivePage(request.path, web.telemetry_path)) return *std::move(page);
  if (request.path == "/api/v1/sockets") {
    return SocketsResponse(request, *collection, DeadlineOfRequest(request, *collection));
  }
  if (request.path == "/api/v1/findings") {
    return findings_.Answer(*collection, DeadlineOfRequest(request, *collection));
  }
  return TextResponse(404, "Not found. The metrics are at " + web.telemetry_path + "\n");
}

Response Site::Metrics(const Request& request, Collection& collection) {
  const auto selection = ParseSelection(QueryValues(request.query, "collect[]"),
                                        QueryValues(request.query, "exclude[]"),
                                        collection.composer().collectors(), Catalog());
  if (!selection) return TextResponse(400, selection.error().what + "\n");
  const PageForm form = {.format = NegotiateFormat(request.Header("Accept")),
                         .gzip = AcceptsGzip(request.Header("Accept-Encoding"))};
  const auto deadline = DeadlineOfRequest(request, collection);
  const Pages::Body body = selection->everything()
                               ? collection.pages().Whole(form, deadline)
                               : collection.pages().Part(*selection, form, deadline);
  if (body == nullptr) return TextResponse(503, "No scrape could be finished in time.\n");
  Response response = {.status = 200,
                       .content_type = std::string(ContentType(form.format)),
                       .headers = {{"Vary", "Accept, Accept-Encoding"}},
                       .body = body};
  if (form.gzip) response.headers.emplace_back("Content-Encoding", "gzip");
  return response;
}

}  // namespace netstack
