#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace netstack {

// Walks a list as the kernel writes it, "0-3,8,10-11", without allocating. Text that is not such a
// list ends the walk.
class CpuList {
 public:
  // `text` must outlive the object; a trailing newline is allowed.
  explicit CpuList(std::string_view text);
  // The next number of the list, or nullopt at its end.
  std::optional<std::uint32_t> Next();

 private:
  std::string_view rest_;
  std::uint32_t next_ = 0;
  std::uint32_t last_ = 0;
  bool in_range_ = false;
};

}  // namespace netstack
