#include "exporter/path/ledger_row.h"

namespace netstack {
namespace {

// Container ports have no series of their own: together they are this device.
constexpr std::string_view kOther = "other";

}  // namespace

LedgerRow::LedgerRow(const CountRow& row, std::span<const CollectorDeclaration* const> collectors)
    : row_(row) {
  for (const Term& term : row.plus) {
    if (const auto ref = TermRef::Find(term, collectors)) terms_.push_back({*ref, false});
  }
  for (const Term& term : row.minus) {
    if (const auto ref = TermRef::Find(term, collectors)) terms_.push_back({*ref, true});
  }
  const Family* const only = terms_.front().ref.declaration();
  // What a device lost before it was known never to use a backlog may repeat the backlog's drops.
  as_is_ = row.per != Per::kNeverInBacklog && terms_.size() == 1 && only != nullptr &&
           only->width == Width::k64 && terms_.front().ref.IsSinglePerDevice();
}

LedgerRow::Groups::value_type* LedgerRow::GroupOf(const SignedTerm& term, const Samples::View& view,
                                                  const PathDevices& devices) {
  if (view.visibility() == Visibility::kOffPath) return nullptr;
  std::string_view device;
  if (row_.per != Per::kHost) {
    if (!devices.Counts(row_.per, term.ref.Device(view))) return nullptr;
    device = view.visibility() == Visibility::kHidden ? kOther : term.ref.Device(view);
  }
  const auto found = groups_.find(device);
  return found != groups_.end() ? &*found : &*groups_.emplace(device, Group{}).first;
}

void LedgerRow::Update(std::span<const CollectorReport> reports, const PathDevices& devices) {
  for (auto& [device, group] : groups_) {
    group.count.Begin();
    group.holds = group.seen = false;
  }
  for (std::size_t i = 0; i < terms_.size(); ++i) {
    const SignedTerm& term = terms_[i];
    term.ref.ForEach(reports, [&](const Samples::View& view) {
      Groups::value_type* const found = GroupOf(term, view, devices);
      if (found == nullptr) return;
      auto& [device, group] = *found;
      group.seen = true;
      group.holds = group.holds || !term.minus;
      const std::uint64_t value = view.value().integer;
      if (as_is_ && device != kOther) {
        group.value = value;
      } else {
        group.count.Add(i, term.minus, term.ref.Labels(view), value, term.ref.declaration()->width);
      }
    });
  }
  std::erase_if(groups_, [](const auto& item) { return !item.second.seen; });
  for (auto& [device, group] : groups_) {
    if (!as_is_ || device == kOther) group.value = group.count.End();
  }
}

}  // namespace netstack
