#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

#include "exporter/http/message.h"
#include "exporter/run/collection.h"
#include "exporter/run/findings_api.h"
#include "exporter/self/self_metrics.h"

namespace netstack {

// What is under which path: the metrics, the live page, health. Any number of threads.
class Site {
 public:
  Site(std::shared_ptr<Collection> collection, SelfMetrics& self)
      : collection_(std::move(collection)), self_(self) {}

  Response Answer(const Request& request);

  // How long a scrape may take by the configuration in force.
  std::chrono::nanoseconds ScrapeTimeout();

  // From now on requests are answered by another collection; those under way keep the former.
  void Replace(std::shared_ptr<Collection> collection);

 private:
  std::shared_ptr<Collection> Current();
  Response AnswerPath(const Request& request);
  Response Metrics(const Request& request, Collection& collection);

  std::mutex mutex_;
  std::shared_ptr<Collection> collection_;
  SelfMetrics& self_;
  FindingsApi findings_;
};

// The deadline of a scrape: the time-out that Prometheus names in its header, or the configured
// one, less the margin.
Scraper::Clock::time_point DeadlineOf(std::string_view timeout_header, const ScrapeConfig& config,
                                      Scraper::Clock::time_point now);

}  // namespace netstack
