#include "model/family.h"

namespace netstack {

std::string_view Slug(MetricType type) {
  constexpr std::array<std::string_view, 5> kSlugs = {"counter", "gauge", "info", "histogram",
                                                      "gaugehistogram"};
  return kSlugs.at(static_cast<std::size_t>(type));
}

std::string_view Slug(Role role) {
  constexpr std::array<std::string_view, 8> kSlugs = {"info", "flow",  "drop",  "pressure",
                                                      "wait", "depth", "limit", "tunable"};
  return kSlugs.at(static_cast<std::size_t>(role));
}

std::string_view Slug(Tier tier) {
  constexpr std::array<std::string_view, 3> kSlugs = {"core", "extended", "all"};
  return kSlugs.at(static_cast<std::size_t>(tier));
}

}  // namespace netstack
