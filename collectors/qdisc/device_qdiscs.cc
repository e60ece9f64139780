#include "collectors/qdisc/device_qdiscs.h"

#include <linux/pkt_sched.h>

#include <algorithm>

namespace netstack::qdisc {
namespace {

constexpr std::uint32_t kMajor = 0xffff0000;

bool HasParentQdisc(const Qdisc& qdisc) {
  return qdisc.parent != TC_H_ROOT && qdisc.parent != TC_H_INGRESS;
}

std::uint64_t PlaceOf(const Qdisc& qdisc) {
  return std::uint64_t{TC_H_MAJ(qdisc.handle)} << 32 | qdisc.parent;
}

}  // namespace

void Repeats::Reset(std::span<const Qdisc> qdiscs) {
  qdiscs_ = qdiscs;
  places_.clear();
  for (const Qdisc& qdisc : qdiscs) places_.push_back(PlaceOf(qdisc));
  std::ranges::sort(places_);
  any_ = std::ranges::adjacent_find(places_) != places_.end();
}

bool Repeats::Has(const Qdisc& qdisc) const {
  return any_ && &*std::ranges::find(qdiscs_, PlaceOf(qdisc), PlaceOf) != &qdisc;
}

bool IsSumOfChildren(const Qdisc& qdisc) {
  return qdisc.kind == "mq" || qdisc.kind == "mqprio";
}

void DeviceQdiscs::Reset(std::span<const Qdisc> qdiscs) {
  parents_.clear();
  groups_.clear();
  root_repeats_children_ = true;
  for (const Qdisc& qdisc : qdiscs) {
    if (HasParentQdisc(qdisc)) parents_.push_back(qdisc.parent & kMajor);
    // All others count a packet when a child takes, loses or sends it.
    if (qdisc.parent == TC_H_ROOT && qdisc.kind == "taprio") root_repeats_children_ = false;
  }
  std::sort(parents_.begin(), parents_.end());
  parents_.erase(std::unique(parents_.begin(), parents_.end()), parents_.end());
  for (const Qdisc& qdisc : qdiscs) {
    if (!HasParentQdisc(qdisc) || !IsLeaf(qdisc)) continue;
    const std::size_t group = FindGroup(qdisc);
    if (group == kNoGroup) {
      groups_.push_back({.parent_handle = qdisc.parent & kMajor, .first = &qdisc, .size = 1});
    } else {
      ++groups_[group].size;
    }
  }
}

// The kernel's own qdiscs have handle 0. Only as root (mq) can one have children.
bool DeviceQdiscs::IsLeaf(const Qdisc& qdisc) const {
  if (qdisc.handle == 0 && qdisc.parent != TC_H_ROOT) return true;
  return !std::binary_search(parents_.begin(), parents_.end(), qdisc.handle & kMajor);
}

bool DeviceQdiscs::CountsForDevice(const Qdisc& qdisc) const {
  if (root_repeats_children_) return qdisc.parent == TC_H_ROOT;
  return HasParentQdisc(qdisc) && IsLeaf(qdisc);
}

std::size_t DeviceQdiscs::FindGroup(const Qdisc& qdisc) const {
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    if (groups_[i].parent_handle == (qdisc.parent & kMajor) &&
        groups_[i].first->kind == qdisc.kind) {
      return i;
    }
  }
  return kNoGroup;
}

std::size_t DeviceQdiscs::LargeGroupOf(const Qdisc& qdisc) const {
  if (!HasParentQdisc(qdisc) || !IsLeaf(qdisc)) return kNoGroup;
  const std::size_t group = FindGroup(qdisc);
  return group != kNoGroup && groups_[group].size > kFewLeaves ? group : kNoGroup;
}

}  // namespace netstack::qdisc
