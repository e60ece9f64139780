#include "exporter/exposition/number.h"

#include <charconv>
#include <cmath>
#include <cstring>
#include <string_view>

namespace netstack {
namespace {

char* Copy(std::string_view text, char* at) {
  std::memcpy(at, text.data(), text.size());
  return at + text.size();
}

char* FormatReal(double value, char* at) {
  constexpr double kExactIntegers = 9007199254740992.0;  // 2^53.
  if (std::isnan(value)) return Copy("NaN", at);
  if (std::isinf(value)) return Copy(value > 0 ? "+Inf" : "-Inf", at);
  if (std::abs(value) < kExactIntegers && std::trunc(value) == value) {
    return std::to_chars(at, at + kNumberSize, static_cast<std::int64_t>(value)).ptr;
  }
  return std::to_chars(at, at + kNumberSize, value).ptr;
}

}  // namespace

char* FormatNumber(Number value, char* at) {
  if (!value.is_integer) return FormatReal(value.real, at);
  return std::to_chars(at, at + kNumberSize, value.integer).ptr;
}

}  // namespace netstack
