#include "exporter/scrape/scrape_samples.h"

#include "exporter/scrape/families.h"

namespace netstack {
namespace {

bool IsSuccess(CollectorState state) {
  return state == CollectorState::kOk || state == CollectorState::kAbsent;
}

}  // namespace

ScrapeSamples::ScrapeSamples() : samples_(kScrapeFamilies) {}

void ScrapeSamples::Update(std::span<const CollectorReport> reports) {
  samples_.Clear();
  suppressed_.resize(reports.size());
  for (std::size_t i = 0; i < reports.size(); ++i) {
    const CollectorReport& report = reports[i];
    if (!report.asked) continue;
    const std::string_view name = report.declaration->name;
    if (report.samples != nullptr) suppressed_[i] += report.samples->suppressed();
    samples_.Add(kScrapeFamilies[0], {name}, std::uint64_t{IsSuccess(report.state)});
    samples_.Add(kScrapeFamilies[1], {name}, report.seconds);
    samples_.Add(kScrapeFamilies[2], {name, Slug(report.state)}, std::uint64_t{1});
    samples_.Add(kScrapeFamilies[3], {name}, suppressed_[i]);
  }
}

}  // namespace netstack
