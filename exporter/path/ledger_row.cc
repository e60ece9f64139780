#include "exporter/path/ledger_row.h"

#include <algorithm>

namespace netstack {
namespace {

std::string_view ShownAs(std::string_view device, const Samples::View& view) {
  return view.visibility() == Visibility::kHidden ? kOther : device;
}

}  // namespace

LedgerRow::LedgerRow(const CountRow& row, std::span<const CollectorDeclaration* const> collectors)
    : row_(row), where_(TermRef::Find(row.where, collectors)) {
  AddTerms(row.plus, Count::Effect::kAdds, collectors);
  AddTerms(row.minus, Count::Effect::kTakes, collectors);
  AddTerms(row.back, Count::Effect::kGivesBack, collectors);
  const Family* const only = terms_.front().ref.declaration();
  const auto is_further = [](const SignedTerm& term) { return term.instead_of == kNoSource; };
  // What a device lost before it was known never to use a backlog may repeat the backlog's drops.
  as_is_ = row.per != Per::kNeverInBacklog && std::ranges::count_if(terms_, is_further) == 1 &&
           only != nullptr && only->width == Width::k64 && terms_.front().ref.IsSinglePerDevice();
}

void LedgerRow::AddTerms(const Terms& terms, Count::Effect effect,
                         std::span<const CollectorDeclaration* const> collectors) {
  for (const Term& term : terms) {
    const auto ref = TermRef::Find(term, collectors);
    if (!ref) continue;
    const std::size_t first = terms_.size();
    terms_.push_back({.ref = *ref, .effect = effect});
    if (term.otherwise == nullptr) continue;
    for (const Term& other : term.otherwise->terms) {
      const auto source = TermRef::Find(other, collectors);
      if (source) terms_.push_back({.ref = *source, .effect = effect, .instead_of = first});
    }
  }
}

bool LedgerRow::IsTold(std::span<const CollectorReport> reports) const {
  return !row_.is_rest || std::ranges::all_of(terms_, [&](const SignedTerm& term) {
    return term.effect != Count::Effect::kTakes || term.ref.ReasonOfAbsence(reports) == "kernel";
  });
}

void LedgerRow::FindDevices(std::span<const CollectorReport> reports) {
  devices_.clear();
  if (!where_) return;
  where_->ForEach(reports, [&](const Samples::View& view) {
    if (view.visibility() == Visibility::kOffPath) return;
    if (row_.is_where_above_zero && view.value().integer == 0) return;
    const std::string_view device = ShownAs(where_->Device(view), view);
    if (devices_.empty() || devices_.back() != device) devices_.push_back(device);
  });
}

bool LedgerRow::Takes(std::string_view device) const {
  if (!where_) return true;
  const bool is_there = std::ranges::find(devices_, device) != devices_.end();
  return is_there != row_.is_where_absent;
}

LedgerRow::Groups::value_type* LedgerRow::GroupOf(const SignedTerm& term, const Samples::View& view,
                                                  const PathDevices& devices) {
  if (view.visibility() == Visibility::kOffPath) return nullptr;
  std::string_view device;
  if (row_.per != Per::kHost) {
    if (!devices.Counts(row_.per, term.ref.Device(view))) return nullptr;
    if (!devices.Counts(term.ref.per(), term.ref.Device(view))) return nullptr;
    device = ShownAs(term.ref.Device(view), view);
    if (!Takes(device)) return nullptr;
  }
  const auto found = groups_.find(device);
  return found != groups_.end() ? &*found : &*groups_.emplace(device, Group{}).first;
}

bool LedgerRow::IsShownAsIs(const Groups::value_type& group) const {
  return as_is_ && group.first != kOther && !group.second.is_counted;
}

void LedgerRow::AddSamples(std::size_t index, std::span<const CollectorReport> reports,
                           const PathDevices& devices) {
  const SignedTerm& term = terms_[index];
  term.ref.ForEach(reports, [&](const Samples::View& view) {
    Groups::value_type* const found = GroupOf(term, view, devices);
    if (found == nullptr) return;
    Group& group = found->second;
    if (term.instead_of == kNoSource) {
      group.source = index;
    } else if (group.source == term.instead_of) {
      return;
    } else {
      group.is_counted = true;
    }
    group.seen = true;
    group.holds = group.holds || term.effect == Count::Effect::kAdds;
    const std::uint64_t value = view.value().integer;
    if (IsShownAsIs(*found)) {
      group.value = value;
    } else {
      group.count.Add(index, term.effect, term.ref.Labels(view), value,
                      term.ref.declaration()->width);
    }
  });
}

void LedgerRow::Update(std::span<const CollectorReport> reports, const PathDevices& devices) {
  FindDevices(reports);
  for (auto& [device, group] : groups_) {
    group.count.Begin();
    group.holds = group.seen = false;
    group.source = kNoSource;
  }
  const std::size_t count = IsTold(reports) ? terms_.size() : 0;
  for (std::size_t i = 0; i < count; ++i) AddSamples(i, reports, devices);
  std::erase_if(groups_, [](const auto& item) { return !item.second.seen; });
  for (auto& group : groups_) {
    if (!IsShownAsIs(group)) group.second.value = group.second.count.End();
  }
}

}  // namespace netstack
