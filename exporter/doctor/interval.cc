#include "exporter/doctor/interval.h"

#include <algorithm>
#include <utility>

#include "collectors/catalog.h"

namespace netstack {
namespace {

constexpr double kTwoTo32 = 4294967296.0;
constexpr std::string_view kNetns = "netns";

bool Is32Bits(std::string_view name) {
  for (const CollectorDeclaration* collector : Catalog()) {
    for (const Family& family : collector->families) {
      if (family.name == name) return family.width == Width::k32;
    }
  }
  return false;
}

using Wanted = std::vector<std::pair<std::string_view, std::string>>;

bool Has(const PageSeries& series, const Wanted& wanted) {
  const auto is_about_netns = [](const auto& match) { return match.first == kNetns; };
  if (!series.Label(kNetns).empty() && std::none_of(wanted.begin(), wanted.end(), is_about_netns)) {
    return false;
  }
  return std::all_of(wanted.begin(), wanted.end(),
                     [&](const auto& match) { return series.Label(match.first) == match.second; });
}

}  // namespace

double RiseOf(double before, double now, bool is_32_bits) {
  if (now >= before) return now - before;
  if (is_32_bits && before >= kTwoTo32 / 2 && before < kTwoTo32) return now + kTwoTo32 - before;
  return now;
}

std::vector<Change> Interval::Find(const Selector& selector, const Facts& facts) const {
  Wanted wanted;
  for (const Selector::Match& match : selector.labels) {
    if (!match.label.empty()) wanted.emplace_back(match.label, facts.FillIn(match.value));
  }
  const bool is_32_bits = Is32Bits(selector.name);
  const std::span<const PageSeries> earlier = first_.Find(selector.name);
  std::vector<Change> changes;
  for (const PageSeries& series : second_.Find(selector.name)) {
    if (!Has(series, wanted)) continue;
    Change change = {.series = &series, .before = {}, .now = series.value, .rise = 0};
    const auto same = std::find_if(earlier.begin(), earlier.end(), [&](const PageSeries& other) {
      return other.labels == series.labels;
    });
    if (same != earlier.end()) {
      change.before = same->value;
      change.rise = RiseOf(same->value, series.value, is_32_bits);
    } else if (!earlier.empty() && series.Label("device").empty()) {
      // A listener or socket that came in between began at 0. With none before, the source was not
      // read; and a device may have been left out, or have come from another namespace.
      change.rise = series.value;
    }
    changes.push_back(change);
  }
  return changes;
}

}  // namespace netstack
