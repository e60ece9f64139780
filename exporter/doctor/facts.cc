#include "exporter/doctor/facts.h"

#include <cmath>
#include <cstdio>

namespace netstack {
namespace {

constexpr double kShownInFull = 100;     // From here on a fraction does not matter.
constexpr double kExactIntegers = 9e15;  // A double holds every whole number up to here.

}  // namespace

std::string ShortNumber(double number) {
  const bool whole = std::fabs(number) < kExactIntegers &&
                     (number == std::floor(number) || std::fabs(number) >= kShownInFull);
  char text[32];
  std::snprintf(text, sizeof text, whole ? "%.0f" : "%.3g", number);
  return text;
}

void Facts::Set(std::string_view name, double number) {
  facts_[std::string(name)] = {.text = ShortNumber(number), .number = number};
}

void Facts::Set(std::string_view name, std::string_view word) {
  facts_[std::string(name)] = {.text = std::string(word), .number = std::nullopt};
}

std::optional<double> Facts::Number(std::string_view name) const {
  const auto found = facts_.find(name);
  return found == facts_.end() ? std::nullopt : found->second.number;
}

std::string_view Facts::Text(std::string_view name) const {
  const auto found = facts_.find(name);
  return found == facts_.end() ? std::string_view{} : std::string_view(found->second.text);
}

std::string Facts::FillIn(std::string_view text) const {
  std::string out;
  for (std::size_t open = text.find('{'); open != std::string_view::npos; open = text.find('{')) {
    out += text.substr(0, open);
    text.remove_prefix(open + 1);
    const std::size_t end = text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_0123456789");
    if (end == 0 || end == std::string_view::npos || text[end] != '}') {
      out += '{';
      continue;
    }
    const std::string_view name = text.substr(0, end);
    out += Knows(name) ? Text(name) : "?";
    text.remove_prefix(end + 1);
  }
  return out.append(text);
}

}  // namespace netstack
