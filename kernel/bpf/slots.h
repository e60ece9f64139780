#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace netstack {

// Which of a few rows that the programs write to belongs to which key: the number of a device, of a
// NAPI instance. Row 0 is for all keys that have none.
class Slots {
 public:
  explicit Slots(std::size_t count) : keys_(count) {}

  // Gives each of `keys`, none of which is 0, a row. Those that have one keep it; rows of keys that
  // are not named any more are free. The first keys come first. Calls `begin(row)` for each row
  // that goes to another key.
  template <class Begin>
  void Assign(std::span<const std::uint32_t> keys, Begin&& begin) {
    for (std::uint32_t& key : keys_) {
      if (key != 0 && std::ranges::find(keys, key) == keys.end()) key = 0;
    }
    without_ = 0;
    for (const std::uint32_t key : keys) {
      if (std::ranges::find(keys_, key) != keys_.end()) continue;
      const auto free = std::find(keys_.begin() + 1, keys_.end(), 0u);
      if (free == keys_.end()) {
        ++without_;
        continue;
      }
      *free = key;
      begin(static_cast<std::size_t>(free - keys_.begin()));
    }
  }

  // By row; 0: free.
  std::span<const std::uint32_t> keys() const { return keys_; }
  // Keys that found no row.
  std::size_t without() const { return without_; }

 private:
  std::vector<std::uint32_t> keys_;
  std::size_t without_ = 0;
};

}  // namespace netstack
