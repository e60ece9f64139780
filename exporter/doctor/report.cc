#include "exporter/doctor/report.h"

#include <algorithm>
#include <utility>

#include "exporter/path/rows.h"

namespace netstack {
namespace {

constexpr std::string_view kLedger = "netstack_path_drops_total";

// What a blind series means: of the rows that are always blind from their table.
std::string_view MeaningOf(const Unseen& unseen) {
  for (const BlindRow& row : BlindRows()) {
    if (Slug(row.path) == unseen.path && Slug(row.stage) == unseen.stage &&
        (row.reason == unseen.reason || row.otherwise == unseen.reason)) {
      return row.says;
    }
  }
  if (unseen.reason == "driver") return "The driver does not count what it loses here.";
  if (unseen.reason == "no_queue") return "The device has no queue, or is down.";
  if (unseen.reason == "absent") return "The kernel does not have the source.";
  if (unseen.reason == "kernel") return "This kernel does not count one of its losses.";
  if (unseen.reason == "disabled") return "The collector that shows it is off.";
  return {};
}

std::vector<Unseen> FindUnseen(const Interval& interval) {
  std::vector<Unseen> all;
  for (const PageSeries& series : interval.second().Find("netstack_path_blind")) {
    Unseen unseen = {.path = std::string(series.Label("path")),
                     .stage = std::string(series.Label("stage")),
                     .device = std::string(series.Label("device")),
                     .reason = std::string(series.Label("reason")),
                     .says = {}};
    unseen.says = MeaningOf(unseen);
    all.push_back(std::move(unseen));
  }
  return all;
}

std::vector<std::string> FindLooked(const Interval& interval) {
  std::vector<std::string> looked;
  const Selector ok = {"netstack_scrape_collector_state", {{{"state", "ok"}}}};
  for (const Change& change : interval.Find(ok)) {
    if (change.now != 0) looked.emplace_back(change.series->Label("collector"));
  }
  return looked;
}

std::vector<FailedCollector> FindFailed(const Interval& interval) {
  std::vector<FailedCollector> failed;
  for (const PageSeries& series : interval.second().Find("netstack_scrape_collector_state")) {
    const std::string_view state = series.Label("state");
    if (series.value == 0 || state == "ok" || state == "absent") continue;
    failed.push_back({std::string(series.Label("collector")), std::string(state)});
  }
  return failed;
}

}  // namespace

bool Report::HasLoss() const {
  return std::any_of(findings.begin(), findings.end(),
                     [](const Finding& finding) { return finding.harm == Harm::kLoss; });
}

Result<Report> Examine(const Interval& interval, std::string subject) {
  for (const Page* page : {&interval.first(), &interval.second()}) {
    if (!page->Find(kLedger).empty()) continue;
    return Error{
        .kind = ErrorKind::kInvalid,
        .path = std::move(subject),
        .what = "has no " + std::string(kLedger) + ": not a whole page of netstack_exporter"};
  }
  const auto visible = interval.second().Find("netstack_host_network_visible");
  return Report{.subject = std::move(subject),
                .seconds = interval.seconds(),
                .series = interval.second().size(),
                .whole_host = visible.empty() || visible.front().value != 0,
                .ladder = BuildLadder(interval),
                .findings = Diagnose(interval),
                .unseen = FindUnseen(interval),
                .looked = FindLooked(interval),
                .failed = FindFailed(interval)};
}

}  // namespace netstack
