#include "exporter/doctor/ladder.h"

#include <algorithm>
#include <array>
#include <map>

#include "exporter/path/rows.h"

namespace netstack {
namespace {

// The settings worth a place on the ladder: one or two for each stage, those that findings speak
// of.
struct Governing {
  Path path;
  Stage stage;
  std::string_view name;
};
constexpr auto kGoverning = std::to_array<Governing>({
    {Path::kReceive, Stage::kRing, "ethtool.rings.rx"},
    {Path::kReceive, Stage::kRing, "ethtool.channels.combined"},
    {Path::kReceive, Stage::kIrq, "ethtool.coalesce.rx-usecs"},
    {Path::kReceive, Stage::kNapi, "net.core.netdev_budget"},
    {Path::kReceive, Stage::kNapi, "net.core.netdev_budget_usecs"},
    {Path::kReceive, Stage::kBacklog, "net.core.netdev_max_backlog"},
    {Path::kReceive, Stage::kIp, "net.ipv4.ipfrag_high_thresh"},
    {Path::kReceive, Stage::kNetfilter, "net.netfilter.nf_conntrack_max"},
    {Path::kReceive, Stage::kListen, "net.core.somaxconn"},
    {Path::kReceive, Stage::kListen, "net.ipv4.tcp_max_syn_backlog"},
    {Path::kReceive, Stage::kListen, "net.ipv4.tcp_syncookies"},
    {Path::kReceive, Stage::kTcp, "net.ipv4.tcp_rmem"},
    {Path::kReceive, Stage::kDatagram, "net.core.rmem_default"},
    {Path::kReceive, Stage::kDatagram, "net.core.rmem_max"},
    {Path::kTransmit, Stage::kSocket, "net.core.wmem_default"},
    {Path::kTransmit, Stage::kTcp, "net.ipv4.tcp_wmem"},
    {Path::kTransmit, Stage::kTcp, "net.ipv4.tcp_congestion_control"},
    {Path::kTransmit, Stage::kNeighbour, "net.ipv4.neigh.default.gc_thresh3"},
    {Path::kTransmit, Stage::kQdisc, "net.core.default_qdisc"},
    {Path::kTransmit, Stage::kRing, "ethtool.rings.tx"},
    {Path::kTransmit, Stage::kCompletion, "ethtool.coalesce.tx-usecs"},
});

Selector OfStage(std::string_view family, const StageInfo& stage) {
  return {family, {{{"path", Slug(stage.path)}, {"stage", Slug(stage.stage)}}}};
}

void AddDrops(const Interval& interval, Rung& rung) {
  constexpr std::array<std::string_view, 3> kClasses = {"loss", "error", "policy"};
  for (const Change& change : interval.Find(OfStage("netstack_path_drops_total", *rung.stage))) {
    if (change.rise == 0) continue;
    const std::string_view word = change.series->Label("class");
    const auto cls = std::find(kClasses.begin(), kClasses.end(), word);
    if (cls == kClasses.end()) continue;
    if (*cls == "loss") rung.lost += change.rise;
    rung.drops.push_back({.cls = *cls,
                          .cause = std::string(change.series->Label("cause")),
                          .device = std::string(change.series->Label("device")),
                          .count = change.rise});
  }
  for (const Change& change : interval.Find(OfStage("netstack_path_pressure_total", *rung.stage))) {
    if (change.rise == 0) continue;
    rung.pressure.push_back({.cls = {},
                             .cause = std::string(change.series->Label("cause")),
                             .device = std::string(change.series->Label("device")),
                             .count = change.rise});
  }
}

// The depth and limit behind a ratio of the ledger, where it is made of two numbers.
void AddNumbers(const Interval& interval, const Rung& rung, Rung::Fullest& fullest) {
  const auto selector = [](const Term& term) {
    return Selector{term.family, {{{term.label, term.value}}}};
  };
  for (const SaturationRow& row : SaturationRows()) {
    if (row.path != rung.stage->path || row.stage != rung.stage->stage ||
        row.resource != fullest.resource || row.limit.family.empty()) {
      continue;
    }
    for (const Change& change : interval.Find(selector(row.limit))) fullest.limit = change.now;
    for (const Term& term : row.depth) {
      if (term.family.empty() || fullest.depth) continue;
      for (const Change& change : interval.Find(selector(term))) {
        fullest.depth = std::max(fullest.depth.value_or(0), change.now);
      }
    }
  }
}

void AddFullest(const Interval& interval, Rung& rung) {
  for (const Change& change :
       interval.Find(OfStage("netstack_path_saturation_ratio", *rung.stage))) {
    if (rung.fullest && rung.fullest->ratio >= change.now) continue;
    rung.fullest = Rung::Fullest{.resource = std::string(change.series->Label("resource")),
                                 .device = std::string(change.series->Label("device")),
                                 .ratio = change.now,
                                 .depth = {},
                                 .limit = {}};
  }
  if (rung.fullest) AddNumbers(interval, rung, *rung.fullest);
}

using Fields = std::map<std::string_view, std::string>;

std::string ValueOf(const Fields& fields) {
  const auto current = fields.find("current");
  const auto max = fields.find("max");
  if (current != fields.end() && max != fields.end()) return current->second + " of " + max->second;
  std::string value;
  for (const std::string_view field : {"min", "default", "pressure", "max", "current"}) {
    const auto found = fields.find(field);
    if (found == fields.end()) continue;
    if (!value.empty()) value += ' ';
    value += found->second;
  }
  return value;
}

// One setting has a series for each of its fields: min, default, pressure, max; or current and max.
void AddSetting(const Interval& interval, std::string_view name, Rung& rung) {
  std::map<std::string_view, Fields> devices;
  for (const Change& change : interval.Find({"netstack_tunable", {{{"name", name}}}})) {
    devices[change.series->Label("device")][change.series->Label("field")] =
        ShortNumber(change.now);
  }
  for (const auto& [device, fields] : devices) {
    rung.settings.push_back({std::string(name), std::string(device), ValueOf(fields)});
  }
  for (const Change& change : interval.Find({"netstack_tunable_info", {{{"name", name}}}})) {
    rung.settings.push_back({std::string(name), std::string(change.series->Label("device")),
                             std::string(change.series->Label("value"))});
  }
}

}  // namespace

std::vector<Rung> BuildLadder(const Interval& interval) {
  std::vector<Rung> ladder;
  for (const StageInfo& stage : AllStages()) {
    Rung rung = {
        .stage = &stage, .rate = {}, .drops = {}, .pressure = {}, .fullest = {}, .settings = {}};
    for (const Change& change : interval.Find(OfStage("netstack_path_packets_total", stage))) {
      rung.rate = rung.rate.value_or(0) + change.rise / interval.seconds();
    }
    AddDrops(interval, rung);
    AddFullest(interval, rung);
    for (const Governing& governing : kGoverning) {
      if (governing.path == stage.path && governing.stage == stage.stage) {
        AddSetting(interval, governing.name, rung);
      }
    }
    rung.partly_blind = !interval.Find(OfStage("netstack_path_blind", stage)).empty();
    ladder.push_back(std::move(rung));
  }
  return ladder;
}

}  // namespace netstack
