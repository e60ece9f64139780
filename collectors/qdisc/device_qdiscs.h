#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "collectors/qdisc/qdisc_message.h"

namespace netstack::qdisc {

// Tells a qdisc that the kernel listed twice: it counts where it stopped, so that one can come
// again when another one is added meanwhile. Keeps its memory.
class Repeats {
 public:
  // `qdiscs` are all of one device and must outlive the next call.
  void Reset(std::span<const Qdisc> qdiscs);
  bool Has(const Qdisc& qdisc) const;

 private:
  std::span<const Qdisc> qdiscs_;
  std::vector<std::uint64_t> places_;
  bool any_ = false;
};

// How the qdiscs of one device stand to each other. Keeps its memory.
class DeviceQdiscs {
 public:
  static constexpr std::size_t kNoGroup = SIZE_MAX;
  static constexpr std::size_t kFewLeaves = 16;

  // Leaves of one kind below one parent.
  struct Group {
    std::uint32_t parent_handle = 0;
    const Qdisc* first = nullptr;
    std::size_t size = 0;
  };

  // `qdiscs` are all of one device and must outlive the next calls.
  void Reset(std::span<const Qdisc> qdiscs);

  // True if no other qdisc hangs below this one.
  bool IsLeaf(const Qdisc& qdisc) const;
  // True if each packet of the device passes here, or in one of the others of which this is true,
  // but in one only: the root, or what hangs below a root that does not repeat its children.
  bool CountsForDevice(const Qdisc& qdisc) const;
  // The group, if its members are too many to be shown one by one, or kNoGroup.
  std::size_t LargeGroupOf(const Qdisc& qdisc) const;
  const Group& group(std::size_t index) const { return groups_[index]; }
  std::size_t group_count() const { return groups_.size(); }

 private:
  std::size_t FindGroup(const Qdisc& qdisc) const;

  std::vector<std::uint32_t> parents_;  // Handles that something hangs below, sorted.
  std::vector<Group> groups_;
  bool root_repeats_children_ = true;
};

// True for a kind whose numbers are made by adding up those of its children.
bool IsSumOfChildren(const Qdisc& qdisc);

}  // namespace netstack::qdisc
