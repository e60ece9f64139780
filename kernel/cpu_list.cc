#include "kernel/cpu_list.h"

#include "kernel/text.h"

namespace netstack {

CpuList::CpuList(std::string_view text) : rest_(Trimmed(text)) {}

std::optional<std::uint32_t> CpuList::Next() {
  if (!in_range_) {
    if (rest_.empty()) return std::nullopt;
    const std::size_t comma = rest_.find(',');
    const std::string_view item = rest_.substr(0, comma);
    rest_.remove_prefix(comma == std::string_view::npos ? rest_.size() : comma + 1);
    const std::size_t dash = item.find('-');
    const auto first = ParseDecimal(item.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : ParseDecimal(item.substr(dash + 1));
    if (!first || !last || *last < *first || *last > UINT32_MAX) {
      rest_ = {};
      return std::nullopt;
    }
    next_ = static_cast<std::uint32_t>(*first);
    last_ = static_cast<std::uint32_t>(*last);
    in_range_ = true;
  }
  const std::uint32_t cpu = next_;
  in_range_ = next_++ != last_;
  return cpu;
}

}  // namespace netstack
