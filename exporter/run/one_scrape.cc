#include "exporter/run/one_scrape.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "collectors/catalog.h"
#include "config/load.h"
#include "exporter/log/logger.h"
#include "exporter/log/state_log.h"
#include "exporter/run/collection.h"
#include "exporter/run/print_errors.h"
#include "exporter/self/self_metrics.h"

namespace netstack {

int PrintMetrics(const CommandLine& line) {
  Config config;
  if (const auto errors = LoadConfig(Catalog(), line.sources, config); !errors.empty()) {
    return PrintErrors(errors);
  }
  FdLogSink sink(STDERR_FILENO);
  const Logger logger(sink, config.log.level, config.log.format);
  StateLog states(logger, "collector");
  SelfMetrics self;
  self.ConfigLoaded(true);
  // A replay shows the host that was recorded and nothing of this process.
  const KernelSource source = {.record = line.options.Text("kernel.record"),
                               .replay = line.options.Text("kernel.replay")};
  const auto collection =
      Collection::Make(config, source, source.replay.empty() ? &self : nullptr, &states);
  if (!collection) return PrintErrors({&collection.error(), 1});
  std::string page;
  const bool open_metrics = line.options.Text("format") == "openmetrics";
  (*collection)
      ->composer()
      .Compose({}, Scraper::Clock::now() + config.scrape.timeout, open_metrics ? nullptr : &page,
               open_metrics ? &page : nullptr);
  const bool written =
      std::fwrite(page.data(), 1, page.size(), stdout) == page.size() && std::fflush(stdout) == 0;
  return written ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace netstack
