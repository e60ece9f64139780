#include "exporter/run/findings_api.h"

#include <utility>

#include "exporter/doctor/report.h"

namespace netstack {
namespace {

constexpr std::chrono::seconds kOldest(60);
constexpr std::chrono::seconds kApart(5);            // Of two that are kept.
constexpr std::chrono::milliseconds kYoungest(900);  // Less tells too little of a rate.
constexpr std::size_t kMost = 3;

Response Json(std::string_view data) {
  Response response =
      TextResponse(200, "{\"status\":\"success\",\"data\":" + std::string(data) + "}");
  response.content_type = "application/json";
  response.headers = {{"Cache-Control", "no-store"}};
  return response;
}

}  // namespace

FindingsApi::Kept FindingsApi::Exchange(const Kept& now) {
  const std::scoped_lock lock(mutex_);
  std::erase_if(kept_, [&](const Kept& kept) { return now.at - kept.at > kOldest; });
  Kept earlier = {};
  if (!kept_.empty() && now.at - kept_.front().at >= kYoungest) earlier = kept_.front();
  if (kept_.empty() || now.at - kept_.back().at >= kApart) kept_.push_back(now);
  if (kept_.size() > kMost) kept_.erase(kept_.begin());
  return earlier;
}

void FindingsApi::Forget() {
  const std::scoped_lock lock(mutex_);
  kept_.clear();
}

Response FindingsApi::Answer(Collection& collection, Scraper::Clock::time_point deadline) {
  const Clock::time_point at = Clock::now();
  const Pages::Body text = collection.pages().Whole({.format = PageFormat::kText}, deadline);
  if (text == nullptr) return TextResponse(503, "No scrape could be finished in time.\n");
  Result<Page> page = ParsePage(*text, "this host");
  if (!page) return TextResponse(500, page.error().Describe() + "\n");
  const Kept now = {.at = at, .page = std::make_shared<const Page>(*std::move(page))};
  const Kept earlier = Exchange(now);
  if (earlier.page == nullptr) return Json("null");
  const double seconds = std::chrono::duration<double>(now.at - earlier.at).count();
  const Result<Report> report = Examine(Interval(*earlier.page, *now.page, seconds), "this host");
  if (!report) return TextResponse(503, report.error().Describe() + "\n");
  return Json(WriteJson(*report));
}

}  // namespace netstack
