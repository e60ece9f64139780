#include "collectors/link/net_dev_fallback.h"

#include <algorithm>
#include <array>

#include "collectors/link/families.h"

namespace netstack::link {
namespace {

struct Column {
  std::size_t number;
  LinkField field;
  bool feeds_path = false;  // Of container ports, too.
};
constexpr auto kColumns = std::to_array<Column>({
    {0, LinkField::kRxBytes, true},
    {1, LinkField::kRxPackets, true},
    {2, LinkField::kRxErrors, true},
    {4, LinkField::kRxFifoErrors},
    {6, LinkField::kRxCompressed},
    {7, LinkField::kMulticast},
    {8, LinkField::kTxBytes, true},
    {9, LinkField::kTxPackets, true},
    {10, LinkField::kTxErrors, true},
    {11, LinkField::kTxDropped, true},
    {12, LinkField::kTxFifoErrors},
    {13, LinkField::kCollisions},
    {15, LinkField::kTxCompressed},
});

}  // namespace

bool NetDevFallback::IsAsBefore(const Known& known, const Link& link, const Device& device) {
  return known.name == link.name && known.master_index == link.master &&
         known.lower_index == link.lower && known.device.treatment == device.treatment &&
         known.device.filled == device.filled && known.device.driver == device.driver &&
         known.device.parent == device.parent && known.device.kind == device.kind;
}

void NetDevFallback::Remember(std::span<const Link> links, std::span<Device* const> devices,
                              const Devices& table, ShownFields shown) {
  const std::scoped_lock lock(mutex_);
  shown_ = shown;
  std::size_t count = 0;
  for (std::size_t i = 0; i < links.size(); ++i) {
    if (devices[i] == nullptr) continue;
    const Link& link = links[i];
    if (count == known_.size()) known_.emplace_back();
    Known& known = known_[count++];
    if (IsAsBefore(known, link, *devices[i])) continue;
    const bool lower_is_here = link.lower && !link.lower_in_other_netns &&
                               *link.lower != static_cast<std::uint32_t>(link.index);
    known = {.name = link.name,
             .master_index = link.master,
             .lower_index = link.lower,
             .device = *devices[i],
             .master = link.master ? std::string(table.LabelOf(*link.master)) : "",
             .lower = lower_is_here ? std::string(table.LabelOf(*link.lower)) : ""};
  }
  known_.resize(count);
}

const NetDevFallback::Known* NetDevFallback::Find(std::string_view name) {
  if (hint_ < known_.size() && known_[hint_].name == name) return &known_[hint_++];
  const auto found = std::ranges::find(known_, name, &Known::name);
  if (found == known_.end()) return nullptr;
  hint_ = static_cast<std::size_t>(found - known_.begin()) + 1;
  return &*found;
}

bool NetDevFallback::Collect(Samples& out) {
  const std::scoped_lock lock(mutex_);
  const Result<std::string_view> text = file_.Read();
  if (!text) return false;
  // What cannot be understood is left out; the lines before it are good.
  (void)ParseNetDev(*text, file_.path(), lines_);
  hint_ = 0;
  for (const NetDevLine& line : lines_) {
    if (const Known* const known = Find(line.name)) Add(*known, line, out);
  }
  return out.size() != 0;
}

void NetDevFallback::Add(const Known& known, const NetDevLine& line, Samples& out) const {
  const Device& device = known.device;
  const bool summed = device.treatment == DeviceTreatment::kSummed;
  if (device.treatment == DeviceTreatment::kOff) return;
  const Visibility visibility = summed ? Visibility::kHidden
                                : device.treatment == DeviceTreatment::kStacked
                                    ? Visibility::kOffPath
                                    : Visibility::kEverywhere;
  for (const Column& column : kColumns) {
    if (summed && !column.feeds_path) continue;
    const bool is_blind = !summed && device.is_hardware && kDriverFields.Has(column.field) &&
                          !device.filled.Has(column.field);
    if (is_blind) continue;
    const bool is_shown = summed || shown_.Has(column.field, device.is_hardware);
    if (!is_shown && !FeedsPathOnly(column.field, visibility)) continue;
    out.Add(FamilyOf(column.field), {device.label}, line.columns[column.number],
            is_shown ? visibility : Visibility::kPathOnly);
  }
  if (summed) return;
  out.Add(kFamilies[kInfo],
          {device.label, device.kind, device.driver, known.master, known.lower, device.parent},
          std::uint64_t{1}, visibility);
}

}  // namespace netstack::link
