#include "exporter/path/ledger.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

#include "exporter/path/families.h"
#include "exporter/path/ledger_row.h"
#include "exporter/path/path_devices.h"
#include "exporter/path/rows.h"
#include "exporter/path/term_ref.h"
#include "exporter/path/wait.h"

namespace netstack {
namespace {

// A blind series of this round; several causes of a stage share one.
struct Blind {
  Path path;
  Stage stage;
  std::string_view device;
  std::string_view reason;
  auto operator<=>(const Blind&) const = default;  // NOLINT: its 0 is no pointer, clang-tidy 14
};

struct Saturation {
  const SaturationRow* row;
  std::vector<TermRef> depth;
  std::optional<TermRef> limit;
};

// A row of BlindRows() with what may take it away.
struct BlindSource {
  const BlindRow* row;
  std::optional<TermRef> unless;
  std::optional<TermRef> cure;

  // Empty: not blind.
  std::string_view Reason(std::span<const CollectorReport> reports) const {
    if (IsSeen(cure, reports)) return {};
    return IsSeen(unless, reports) ? row->otherwise : row->reason;
  }

 private:
  static bool IsSeen(const std::optional<TermRef>& term, std::span<const CollectorReport> reports) {
    bool is_seen = false;
    if (term) term->ForEach(reports, [&](const Samples::View&) { is_seen = true; });
    return is_seen;
  }
};

struct DeviceRatio {
  std::string_view device;
  double ratio;
  bool operator<(const DeviceRatio& other) const {
    return device != other.device ? device < other.device : ratio > other.ratio;
  }
};

}  // namespace

struct Ledger::State {
  explicit State(std::span<const CollectorDeclaration* const> collectors)
      : samples(kPathFamilies), devices(collectors) {
    for (const auto& rows_of_path : {ReceiveRows(), TransmitRows()}) {
      for (const CountRow& row : rows_of_path) rows.emplace_back(row, collectors);
    }
    for (const SaturationRow& row : SaturationRows()) {
      Saturation saturation = {
          .row = &row, .depth = {}, .limit = TermRef::Find(row.limit, collectors)};
      for (const Term& term : row.depth) {
        if (const auto ref = TermRef::Find(term, collectors)) saturation.depth.push_back(*ref);
      }
      saturations.push_back(std::move(saturation));
    }
    for (const BlindRow& row : BlindRows()) {
      blind_sources.push_back({.row = &row,
                               .unless = TermRef::Find(row.unless, collectors),
                               .cure = TermRef::Find(row.cure, collectors)});
    }
    for (const WaitRow& row : WaitRows()) waits.emplace_back(row, collectors);
  }

  void AddRow(const LedgerRow& row);
  void FindBlind(const LedgerRow& row, std::span<const CollectorReport> reports);
  void AddRatios(const Saturation& saturation, std::span<const CollectorReport> reports);
  void AddBlind(std::span<const CollectorReport> reports);
  void AddSaturation(const Saturation& saturation, std::span<const CollectorReport> reports);

  Samples samples;
  PathDevices devices;
  std::vector<LedgerRow> rows;
  std::vector<Saturation> saturations;
  std::vector<Blind> blind;
  std::vector<BlindSource> blind_sources;
  std::vector<Wait> waits;
  std::vector<DeviceRatio> ratios;  // Of one row.
};

void Ledger::State::AddRow(const LedgerRow& ledger_row) {
  const CountRow& row = ledger_row.row();
  const std::string_view path = Slug(row.path);
  const std::string_view stage = Slug(row.stage);
  for (const auto& [device, group] : ledger_row.groups()) {
    if (!group.holds) continue;
    switch (row.kind) {
      case Kind::kFlow:
        samples.Add(kPathFamilies[kPathPackets], {path, stage, device}, group.value);
        break;
      case Kind::kDrop:
        samples.Add(kPathFamilies[kPathDrops], {path, stage, Slug(row.cls), row.cause, device},
                    group.value);
        break;
      case Kind::kPressure:
        samples.Add(kPathFamilies[kPathPressure], {path, stage, row.cause, device}, group.value);
        break;
    }
  }
}

void Ledger::State::AddBlind(std::span<const CollectorReport> reports) {
  for (const BlindSource& source : blind_sources) {
    const std::string_view reason = source.Reason(reports);
    const BlindRow& row = *source.row;
    if (reason.empty()) continue;
    if (row.per == Per::kHost) blind.push_back({row.path, row.stage, {}, reason});
    for (const std::string_view device : devices.hardware()) {
      if (row.per != Per::kHost && devices.Counts(row.per, device)) {
        blind.push_back({row.path, row.stage, device, reason});
      }
    }
  }
  std::sort(blind.begin(), blind.end());
  const auto end = std::unique(blind.begin(), blind.end());
  for (auto at = blind.begin(); at != end; ++at) {
    samples.Add(kPathFamilies[kPathBlind],
                {Slug(at->path), Slug(at->stage), at->device, at->reason}, std::uint64_t{1});
  }
}

// A loss that has no number in this round is not 0 but blind.
void Ledger::State::FindBlind(const LedgerRow& ledger_row,
                              std::span<const CollectorReport> reports) {
  const CountRow& row = ledger_row.row();
  if (row.kind != Kind::kDrop || row.cls != Class::kLoss || row.without.empty()) return;
  const auto holds = [&](std::string_view device) {
    const auto group = ledger_row.groups().find(device);
    return group != ledger_row.groups().end() && group->second.holds;
  };
  const std::string_view reason = ledger_row.first_term().ReasonOfAbsence(reports);
  if (row.per == Per::kHost || reason != "kernel") {
    const bool known = row.per == Per::kHost
                           ? holds({})
                           : std::ranges::any_of(ledger_row.groups(),
                                                 [](const auto& it) { return it.second.holds; });
    if (!known && !reason.empty()) blind.push_back({row.path, row.stage, {}, reason});
    return;
  }
  for (const std::string_view device : devices.hardware()) {
    if (!holds(device)) blind.push_back({row.path, row.stage, device, row.without});
  }
}

// The members bring their own ratios: the worst of each device, or of the host.
void Ledger::State::AddRatios(const Saturation& saturation,
                              std::span<const CollectorReport> reports) {
  const SaturationRow& row = *saturation.row;
  ratios.clear();
  for (const TermRef& depth : saturation.depth) {
    depth.ForEach(reports, [&](const Samples::View& view) {
      const bool of_path = view.visibility() == Visibility::kEverywhere ||
                           view.visibility() == Visibility::kPathOnly;
      if (!of_path) return;
      ratios.push_back({.device = depth.Device(view), .ratio = view.value().AsDouble()});
    });
  }
  const Family& family = kPathFamilies[row.is_peak ? kPathSaturationPeak : kPathSaturation];
  // The worst of a device first; those behind it are passed over.
  std::sort(ratios.begin(), ratios.end());
  const DeviceRatio* last = nullptr;
  for (const DeviceRatio& one : ratios) {
    if (last != nullptr && last->device == one.device) continue;
    last = &one;
    samples.Add(family, {Slug(row.path), Slug(row.stage), row.resource, one.device}, one.ratio);
  }
}

void Ledger::State::AddSaturation(const Saturation& saturation,
                                  std::span<const CollectorReport> reports) {
  if (!saturation.limit) return AddRatios(saturation, reports);
  double limit = 0;
  saturation.limit->ForEach(reports,
                            [&](const Samples::View& view) { limit = view.value().AsDouble(); });
  if (limit <= 0) return;
  for (const TermRef& depth : saturation.depth) {
    double worst = -1;
    depth.ForEach(reports, [&](const Samples::View& view) {
      worst = std::max(worst, view.value().AsDouble());
    });
    if (worst < 0) continue;
    const SaturationRow& row = *saturation.row;
    samples.Add(kPathFamilies[kPathSaturation],
                {Slug(row.path), Slug(row.stage), row.resource, std::string_view{}}, worst / limit);
    return;
  }
}

Ledger::Ledger(std::span<const CollectorDeclaration* const> collectors)
    : state_(std::make_unique<State>(collectors)) {}
Ledger::~Ledger() = default;

const Samples& Ledger::samples() const {
  return state_->samples;
}

void Ledger::Update(std::span<const CollectorReport> reports) {
  State& state = *state_;
  state.samples.Clear();
  state.blind.clear();
  state.devices.Find(reports);
  for (LedgerRow& row : state.rows) {
    row.Update(reports, state.devices);
    state.AddRow(row);
    state.FindBlind(row, reports);
  }
  state.AddBlind(reports);
  for (const Saturation& saturation : state.saturations) state.AddSaturation(saturation, reports);
  for (Wait& wait : state.waits) wait.Add(reports, state.samples);
  for (const StageInfo& info : AllStages()) {
    state.samples.Add(kPathFamilies[kStageInfo],
                      {Slug(info.path), Slug(info.stage), info.order, info.title},
                      std::uint64_t{1});
  }
}

}  // namespace netstack
