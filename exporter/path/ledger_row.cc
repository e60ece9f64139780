#include "exporter/path/ledger_row.h"

#include <algorithm>

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
  as_is_ = terms_.size() == 1 && only != nullptr && only->width == Width::k64 &&
           terms_.front().ref.IsSinglePerDevice();
}

LedgerRow::Group* LedgerRow::GroupOf(const SignedTerm& term, const Samples::View& view,
                                     std::vector<HardwareDevice>& hardware,
                                     InOrder<HardwareDevice>& known) {
  if (view.visibility() == Visibility::kOffPath) return nullptr;
  std::string_view device;
  if (row_.per != Per::kHost) {
    const bool hidden = view.visibility() == Visibility::kHidden;
    if (row_.per == Per::kHardware && hidden) return nullptr;
    device = hidden ? kOther : term.ref.Device(view);
    if (row_.per == Per::kHardware && known.Find(hardware, device) == nullptr) return nullptr;
  }
  if (Group* const group = order_.Find(groups_, device)) return group;
  groups_.push_back({.device = std::string(device)});
  return &groups_.back();
}

void LedgerRow::Update(std::span<const CollectorReport> reports,
                       std::vector<HardwareDevice>& hardware) {
  for (Group& group : groups_) {
    group.count.Begin();
    group.holds = group.seen = false;
  }
  for (std::size_t i = 0; i < terms_.size(); ++i) {
    const SignedTerm& term = terms_[i];
    order_.Rewind();
    InOrder<HardwareDevice> known;
    term.ref.ForEach(reports, [&](const Samples::View& view) {
      Group* const group = GroupOf(term, view, hardware, known);
      if (group == nullptr) return;
      group->seen = true;
      group->holds = group->holds || !term.minus;
      const std::uint64_t value = view.value().integer;
      if (as_is_ && group->device != kOther) {
        group->value = value;
      } else {
        group->count.Add(i, term.minus, term.ref.Labels(view), value,
                         term.ref.declaration()->width);
      }
    });
  }
  std::erase_if(groups_, [](const Group& group) { return !group.seen; });
  for (Group& group : groups_) {
    if (!as_is_ || group.device == kOther) group.value = group.count.End();
  }
}

}  // namespace netstack
