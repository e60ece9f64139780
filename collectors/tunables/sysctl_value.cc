#include "collectors/tunables/sysctl_value.h"

#include <bit>
#include <optional>

#include "kernel/text.h"

namespace netstack::tunables {
namespace {

constexpr std::array<std::string_view, 1> kSingleFields = {"current"};
constexpr std::array<std::string_view, 2> kRangeFields = {"min", "max"};
constexpr std::array<std::string_view, 3> kDefaultFields = {"min", "default", "max"};
constexpr std::array<std::string_view, 3> kPressureFields = {"min", "pressure", "max"};

std::optional<SysctlNumber> ParseNumber(std::string_view word) {
  const bool negative = word.starts_with('-');
  if (negative) word.remove_prefix(1);
  const auto magnitude = ParseDecimal(word);
  if (!magnitude) return std::nullopt;
  return SysctlNumber{.magnitude = *magnitude, .negative = negative && *magnitude != 0};
}

Status ParseNumbers(std::string_view line, std::string_view path, std::size_t count,
                    SysctlValue& out) {
  std::string_view rest = line;
  std::string_view word;
  for (std::size_t i = 0; i < count; ++i) {
    if (!NextWord(rest, word)) return MalformedAt(path, 1, "too few numbers", line);
    const auto number = ParseNumber(word);
    if (!number) return MalformedAt(path, 1, "not a whole number", word);
    out.numbers[i] = *number;
  }
  if (NextWord(rest, word)) return MalformedAt(path, 1, "too many numbers", line);
  return {};
}

bool IsPrintable(std::string_view text) {
  for (const char c : text) {
    if (c < 0x20 || c > 0x7e) return false;
  }
  return true;
}

Status ParseText(std::string_view line, std::string_view path, Layout layout, SysctlValue& out) {
  if (line.empty()) return MalformedAt(path, 1, "no word", line);
  if (!IsPrintable(line)) return MalformedAt(path, 1, "not printable", line);
  if (layout == Layout::kWord && line.find(' ') != std::string_view::npos) {
    return MalformedAt(path, 1, "more than one word", line);
  }
  out.text = line;
  return {};
}

Status ParseBitmap(std::string_view line, std::string_view path, SysctlValue& out) {
  std::uint64_t cpus = 0;
  std::string_view rest = line;
  for (bool last = false; !last;) {
    const std::size_t comma = rest.find(',');
    const std::string_view group = rest.substr(0, comma);
    const auto bits = ParseHex(group);
    if (!bits || group.size() > 8) return MalformedAt(path, 1, "not a CPU bitmap", line);
    cpus += static_cast<std::uint64_t>(std::popcount(*bits));
    last = comma == std::string_view::npos;
    if (!last) rest.remove_prefix(comma + 1);
  }
  out.numbers[0] = {.magnitude = cpus};
  out.text = line;
  return {};
}

}  // namespace

std::span<const std::string_view> FieldsOf(Layout layout) {
  switch (layout) {
    case Layout::kSingle:
    case Layout::kCpuBitmap:
      return kSingleFields;
    case Layout::kMinMax:
      return kRangeFields;
    case Layout::kMinDefaultMax:
      return kDefaultFields;
    case Layout::kMinPressureMax:
      return kPressureFields;
    case Layout::kWord:
    case Layout::kWords:
      break;
  }
  return {};
}

bool HasText(Layout layout) {
  return layout == Layout::kWord || layout == Layout::kWords || layout == Layout::kCpuBitmap;
}

Status ParseSysctl(std::string_view text, std::string_view path, Layout layout, SysctlValue& out) {
  out = {};
  const std::string_view line = Trimmed(text);
  if (const std::size_t end = line.find('\n'); end != std::string_view::npos) {
    return MalformedAt(path, 2, "a second line", line.substr(end + 1));
  }
  if (layout == Layout::kCpuBitmap) return ParseBitmap(line, path, out);
  if (HasText(layout)) return ParseText(line, path, layout, out);
  return ParseNumbers(line, path, FieldsOf(layout).size(), out);
}

}  // namespace netstack::tunables
