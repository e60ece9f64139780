#include "collectors/duration.h"

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>

namespace netstack {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t nanoseconds;
};

constexpr std::array<Unit, 8> kUnits = {{
    {"ns", 1},
    {"us", 1'000},
    {"\u00b5s", 1'000},  // Micro sign.
    {"\u03bcs", 1'000},  // Greek mu.
    {"ms", 1'000'000},
    {"s", 1'000'000'000},
    {"m", 60'000'000'000},
    {"h", 3'600'000'000'000},
}};

constexpr std::uint64_t kMaxNanoseconds = std::numeric_limits<std::int64_t>::max();

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

// A decimal number, cut off the front of `text`.
struct Number {
  std::uint64_t whole = 0;
  double fraction = 0;  // In [0, 1).
  bool valid = false;
};

Number TakeNumber(std::string_view& text) {
  Number number;
  std::size_t i = 0;
  bool any_digit = false;
  for (; i < text.size() && IsDigit(text[i]); ++i) {
    any_digit = true;
    if (number.whole > kMaxNanoseconds / 10) return number;
    number.whole = number.whole * 10 + static_cast<std::uint64_t>(text[i] - '0');
  }
  if (i < text.size() && text[i] == '.') {
    double digits = 0;
    double scale = 1;
    for (++i; i < text.size() && IsDigit(text[i]); ++i) {
      any_digit = true;
      if (scale >= 1e15) continue;  // Below what the smallest unit can show.
      digits = digits * 10 + (text[i] - '0');
      scale *= 10;
    }
    number.fraction = digits / scale;
  }
  text.remove_prefix(i);
  number.valid = any_digit;
  return number;
}

const Unit* TakeUnit(std::string_view& text) {
  std::size_t length = 0;
  while (length < text.size() && text[length] != '.' && !IsDigit(text[length])) ++length;
  const std::string_view name = text.substr(0, length);
  text.remove_prefix(length);
  for (const Unit& unit : kUnits) {
    if (unit.name == name) return &unit;
  }
  return nullptr;
}

Error NotADuration(std::string_view text) {
  Error error = MalformedAt("", 0, "not a duration such as 10s or 1m30s", text);
  error.kind = ErrorKind::kInvalid;
  return error;
}

}  // namespace

Result<std::chrono::nanoseconds> ParseDuration(std::string_view text) {
  if (text == "0") return std::chrono::nanoseconds{0};
  if (text.empty()) return NotADuration(text);
  std::uint64_t total = 0;
  for (std::string_view rest = text; !rest.empty();) {
    const Number number = TakeNumber(rest);
    if (!number.valid) return NotADuration(text);
    const Unit* unit = TakeUnit(rest);
    if (unit == nullptr) return NotADuration(text);
    if (number.whole > kMaxNanoseconds / unit->nanoseconds) return NotADuration(text);
    total += number.whole * unit->nanoseconds;
    if (total > kMaxNanoseconds) return NotADuration(text);
    const double part = number.fraction * static_cast<double>(unit->nanoseconds);
    // Rounded, because binary cannot hold most decimal fractions: 0.0157s is 15700us.
    total += static_cast<std::uint64_t>(std::llround(part));
    if (total > kMaxNanoseconds) return NotADuration(text);
  }
  return std::chrono::nanoseconds{static_cast<std::int64_t>(total)};
}

}  // namespace netstack
