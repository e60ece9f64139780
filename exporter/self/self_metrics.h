#pragma once

#include <prometheus/registry.h>

#include <string>

#include "exporter/exposition/format.h"

namespace netstack {

// What the exporter counts of itself, in a prometheus::Registry. All methods from any thread.
class SelfMetrics {
 public:
  SelfMetrics();

  // An HTTP answer with that status.
  void CountResponse(int status);
  void RequestStarted();
  void RequestEnded();
  // Whether the configuration in force is the one in the file, and since when.
  void ConfigLoaded(bool successful);

  // Appends the registry's page, without an end. `with_http`: the counts of requests too.
  void Append(PageFormat format, bool with_http, std::string& out) const;

 private:
  prometheus::Registry always_;
  prometheus::Registry http_;
  prometheus::Family<prometheus::Counter>& responses_;
  prometheus::Gauge& in_flight_;
  prometheus::Gauge& config_successful_;
  prometheus::Gauge& config_time_;
};

}  // namespace netstack
