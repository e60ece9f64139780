#include "collectors/queues/queue_file.h"

#include <bit>
#include <optional>
#include <string>

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

// Bits of a group of the mask; all but the first have them all.
constexpr std::uint32_t kBitsInGroup = 32;

void AppendRange(std::uint32_t first, std::uint32_t last, std::string& out) {
  if (!out.empty()) out += ',';
  out += std::to_string(first);
  if (last != first) out += '-' + std::to_string(last);
}

}  // namespace

std::string CpusOf(std::string_view mask) {
  mask = Trimmed(mask);
  std::string out;
  std::optional<std::uint32_t> first;  // Of the range under way.
  std::uint32_t cpu = 0;
  // The last group has the first CPUs.
  for (bool more = true; more;) {
    const std::size_t comma = mask.rfind(',');
    more = comma != std::string_view::npos;
    const std::uint64_t group = ParseHex(mask.substr(more ? comma + 1 : 0)).value_or(0);
    for (std::uint32_t bit = 0; bit < kBitsInGroup; ++bit, ++cpu) {
      const bool is_set = (group >> bit & 1) != 0;
      if (is_set && !first) first = cpu;
      if (!is_set && first) {
        AppendRange(*first, cpu - 1, out);
        first.reset();
      }
    }
    mask = mask.substr(0, more ? comma : 0);
  }
  if (first) AppendRange(*first, cpu - 1, out);
  return out;
}

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
