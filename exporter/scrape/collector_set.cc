#include "exporter/scrape/collector_set.h"

#include <utility>

namespace netstack {

CollectorSet::CollectorSet(const Kernel& kernel, std::vector<CollectorChoice> choices)
    : kernel_(kernel) {
  for (CollectorChoice& choice : choices) {
    declarations_.push_back(choice.declaration);
    const DevicePolicy devices(choice.devices);
    members_.push_back(std::make_unique<Member>(Member{std::move(choice), devices}));
  }
}

std::vector<ScrapedCollector> CollectorSet::Make() const {
  std::vector<ScrapedCollector> collectors;
  for (const std::unique_ptr<Member>& member : members_) {
    const CollectorContext context = {
        .kernel = kernel_, .options = member->choice.options, .devices = member->devices};
    collectors.push_back({.declaration = member->choice.declaration,
                          .collector = member->choice.declaration->create(context),
                          .max_series = member->choice.max_series});
  }
  return collectors;
}

}  // namespace netstack
