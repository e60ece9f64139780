#include "tests/golden/catalog_run.h"

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include "collectors/catalog.h"
#include "kernel/text.h"

namespace netstack {
namespace {

constexpr std::chrono::minutes kPatience(4);  // For a round.

std::vector<CollectorChoice> Choose(const CatalogRun::Options& options) {
  std::vector<CollectorChoice> choices;
  for (const CollectorDeclaration* declaration : Catalog()) {
    if (!declaration->enabled_by_default) continue;
    if (std::ranges::find(options.without, declaration->name) != options.without.end()) continue;
    choices.push_back({.declaration = declaration,
                       .options = OptionValues(declaration->options),
                       .devices = {},
                       .max_series = options.max_series});
  }
  return choices;
}

}  // namespace

CatalogRun::CatalogRun(const Kernel& kernel, const Options& options)
    : collectors_(std::make_unique<CollectorSet>(kernel, Choose(options))) {
  const auto observe = [this](std::span<const CollectorReport> reports) {
    for (const CollectorReport& report : reports) {
      std::string& state = round_->states[std::string(report.declaration->name)];
      state = Slug(report.state);
      if (report.error != nullptr) state += ": " + report.error->Describe();
    }
  };
  composer_ = std::make_unique<Composer>(
      std::make_unique<Scraper>(collectors_->Make(),
                                ScraperOptions{.collector_timeout = options.collector_timeout,
                                               .blocking_timeout = kPatience}),
      collectors_->declarations(), Composer::AppendSelf(), observe);
}

CatalogRound CatalogRun::Round() {
  CatalogRound round;
  round_ = &round;
  composer_->Compose({}, Scraper::Clock::now() + kPatience, &round.text, &round.open_metrics);
  return round;
}

std::string WithTimesMasked(std::string_view page) {
  std::string masked;
  std::string_view line;
  while (NextLine(page, line)) {
    const std::string_view name = line.substr(0, line.find_first_of("{ "));
    const bool is_time = name.ends_with("_age_seconds") || name.ends_with("_duration_seconds") ||
                         name.ends_with("_timestamp_seconds");
    masked += is_time ? line.substr(0, line.rfind(' ')) : line;
    masked += is_time ? " 0\n" : "\n";
  }
  return masked;
}

}  // namespace netstack
