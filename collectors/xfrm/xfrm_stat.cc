#include "collectors/xfrm/xfrm_stat.h"

#include <algorithm>
#include <span>

#include "kernel/text.h"

namespace netstack::xfrm {
namespace {

constexpr std::string_view kPath = "/proc/net/xfrm_stat";
using Direction = Counter::Direction;

struct PrefixRow {
  std::string_view prefix;
  Direction direction;
  std::string_view before_cause;
};
constexpr PrefixRow kPrefixes[] = {
    {"XfrmIn", Direction::kReceive, ""},
    {"XfrmFwd", Direction::kReceive, "fwd_"},
    {"XfrmOut", Direction::kTransmit, ""},
    {"XfrmAcquireError", Direction::kAcquire, ""},
};

bool IsUpper(char c) {
  return c >= 'A' && c <= 'Z';
}

// "StateSeqError" to "state_seq_error".
void AppendSnake(std::string_view camel, std::string& out) {
  for (const char c : camel) {
    const bool starts_word = IsUpper(c) && !out.empty() && out.back() != '_';
    if (starts_word) out += '_';
    out += IsUpper(c) ? static_cast<char>(c - 'A' + 'a') : c;
  }
}

bool IsName(std::string_view name) {
  for (const char c : name) {
    if (!IsUpper(c) && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9')) return false;
  }
  return !name.empty();
}

void Classify(std::string_view name, Counter& out) {
  out.name = name;
  out.direction = Direction::kOther;
  out.cause.clear();
  for (const PrefixRow& row : kPrefixes) {
    if (!name.starts_with(row.prefix)) continue;
    out.direction = row.direction;
    out.cause = row.before_cause;
    AppendSnake(name.substr(row.prefix.size()), out.cause);
    return;
  }
  AppendSnake(name, out.cause);
}

// Acquiring has one series, whatever follows the prefix.
bool IsSameSeries(const Counter& one, const Counter& other) {
  return one.direction == other.direction &&
         (one.direction == Direction::kAcquire || one.cause == other.cause);
}

}  // namespace

Status ParseXfrmStat(std::string_view text, XfrmStat& out) {
  std::size_t count = 0;
  std::size_t number = 0;
  std::string_view line;
  while (NextLine(text, line)) {
    ++number;
    std::string_view name;
    std::string_view word;
    if (!NextWord(line, name)) continue;
    if (!IsName(name)) return MalformedAt(kPath, number, "not a name", name);
    if (!NextWord(line, word)) return MalformedAt(kPath, number, "a name without number", name);
    const auto value = ParseDecimal(word);
    if (!value) return MalformedAt(kPath, number, "not a number", word);
    if (count == out.counters.size()) out.counters.emplace_back();
    // From round to round the names are the same.
    if (out.counters[count].name != name) Classify(name, out.counters[count]);
    const auto earlier = std::span(out.counters).first(count);
    if (std::ranges::any_of(
            earlier, [&](const Counter& one) { return IsSameSeries(one, out.counters[count]); })) {
      return MalformedAt(kPath, number, "told twice", name);
    }
    out.counters[count].value = *value;
    ++count;
  }
  out.counters.resize(count);
  if (count == 0) return MalformedAt(kPath, 1, "empty", "");
  return {};
}

}  // namespace netstack::xfrm
