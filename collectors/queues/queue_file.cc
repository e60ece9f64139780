#include "collectors/queues/queue_file.h"

#include <bit>
#include <optional>

#include "kernel/text.h"

namespace netstack::queues {
namespace {

// The kernel subtracts u32 without a lock: completed may be ahead of queued for a moment.
constexpr std::uint64_t kUnderflow = std::uint64_t{1} << 31;

std::optional<std::uint64_t> CountBits(std::string_view mask) {
  std::uint64_t bits = 0;
  while (!mask.empty()) {
    const std::size_t comma = mask.find(',');
    const std::optional<std::uint64_t> group = ParseHex(mask.substr(0, comma));
    if (!group) return std::nullopt;
    bits += static_cast<std::uint64_t>(std::popcount(*group));
    if (comma == std::string_view::npos) return bits;
    mask.remove_prefix(comma + 1);
  }
  return std::nullopt;
}

}  // namespace

Result<std::uint64_t> ParseQueueFile(std::string_view text, std::string_view path, Format format) {
  const std::string_view word = Trimmed(text);
  if (format == Format::kMask) {
    if (const auto bits = CountBits(word)) return *bits;
    return MalformedAt(path, 1, "not a CPU mask", word);
  }
  const std::optional<std::uint64_t> number = ParseDecimal(word);
  if (!number) return MalformedAt(path, 1, "not a number", word);
  if (format == Format::kInflight && *number >= kUnderflow) return std::uint64_t{0};
  return *number;
}

}  // namespace netstack::queues
