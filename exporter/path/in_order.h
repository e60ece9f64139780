#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace netstack {

// Finds names that are mostly asked for in the order they stand in: one comparison then, a search
// otherwise. T has a member `device` that compares with a string_view.
template <class T>
class InOrder {
 public:
  void Rewind() { next_ = 0; }
  T* Find(std::vector<T>& items, std::string_view device) {
    if (next_ < items.size() && items[next_].device == device) return &items[next_++];
    const auto found = std::find_if(items.begin(), items.end(),
                                    [&](const T& item) { return item.device == device; });
    if (found == items.end()) return nullptr;
    next_ = static_cast<std::size_t>(found - items.begin()) + 1;
    return &*found;
  }

 private:
  std::size_t next_ = 0;
};

}  // namespace netstack
