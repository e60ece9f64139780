#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "exporter/doctor/facts.h"
#include "exporter/doctor/interval.h"
#include "model/stage.h"

namespace netstack {

// How bad a finding is; the exit code looks at kLoss only.
enum class Harm : std::uint8_t {
  kLoss,      // Packets die here for want of room, memory or time.
  kError,     // They came damaged.
  kPressure,  // Nothing is lost yet.
};
std::string_view Slug(Harm harm);

// How a fact is made of the series that a selector means.
enum class Measure : std::uint8_t {
  kRise,         // All rises together.
  kWorstRise,    // The largest rise of one series.
  kRisen,        // Number of series that rose.
  kWorstMember,  // The value of a label, of the series that rose most.
  kNow,          // All values of the second page together.
  kMost,         // The largest of them.
  kLeastMost,    // The largest value of each page; the smaller of the two.
  kCount,        // Number of series.
  kWord,         // The value of a label, of the first series.
};

struct FactRow {
  std::string_view name;
  Measure measure;
  Selector of;                  // Its labels may hold {facts} of rows above.
  std::string_view label = {};  // kWorstMember and kWord.
};

enum class Op : std::uint8_t {
  kAlways,
  kKnown,
  kUnknown,
  kEquals,
  kAbove,
  kBelow,
  kAtLeast,
  kAtLeastFact,
  kBelowFact,
  kAboveFact,
  kIsWord,
  kIsNotWord,
};

// A claim about facts. Unless it is about not knowing, it is false where a fact is not known.
struct Condition {
  std::string_view fact = {};
  Op op = Op::kAlways;
  double number = 0;
  std::string_view other = {};  // A fact, or the word.

  bool Holds(const Facts& facts) const;
};
constexpr Condition Known(std::string_view fact) {
  return {.fact = fact, .op = Op::kKnown};
}
constexpr Condition Unknown(std::string_view fact) {
  return {.fact = fact, .op = Op::kUnknown};
}
constexpr Condition Equals(std::string_view fact, double number) {
  return {.fact = fact, .op = Op::kEquals, .number = number};
}
constexpr Condition Above(std::string_view fact, double number) {
  return {.fact = fact, .op = Op::kAbove, .number = number};
}
constexpr Condition Below(std::string_view fact, double number) {
  return {.fact = fact, .op = Op::kBelow, .number = number};
}
constexpr Condition AtLeast(std::string_view fact, double number) {
  return {.fact = fact, .op = Op::kAtLeast, .number = number};
}
constexpr Condition AtLeastFact(std::string_view fact, std::string_view other) {
  return {.fact = fact, .op = Op::kAtLeastFact, .other = other};
}
constexpr Condition BelowFact(std::string_view fact, std::string_view other) {
  return {.fact = fact, .op = Op::kBelowFact, .other = other};
}
constexpr Condition AboveFact(std::string_view fact, std::string_view other) {
  return {.fact = fact, .op = Op::kAboveFact, .other = other};
}
constexpr Condition IsWord(std::string_view fact, std::string_view word) {
  return {.fact = fact, .op = Op::kIsWord, .other = word};
}
constexpr Condition IsNotWord(std::string_view fact, std::string_view word) {
  return {.fact = fact, .op = Op::kIsNotWord, .other = word};
}

// A sentence that is said when its condition holds.
struct Remark {
  std::string_view text = {};
  Condition when = {};
};

// Something to do. A command is exact: it can be pasted into a root shell.
struct Step {
  std::string_view command = {};  // Empty: the note says what to do.
  std::string_view note = {};
  Condition when = {};
};

// Works out values from facts that a rule's rows have set; see compute.h.
using Compute = void (*)(Facts& facts);

// One row of the doctor's knowledge. Each series that its evidence selects and that rose (or
// stands) at least so much is explained by the first rule, in the order of Rules(), whose
// conditions hold.
struct Rule {
  std::string_view id;
  Harm harm = Harm::kLoss;
  Path path;
  Stage stage;
  double weight = 1;  // Among losses: what one packet counts. Among others: which comes first.

  Selector evidence;
  bool level = false;   // True: what counts is the value now, not the rise.
  double at_least = 1;  // Of the rise in the whole interval, or of the level.

  std::span<const FactRow> facts = {};
  std::array<Compute, 3> compute = {};
  std::array<Condition, 3> when = {};

  // All of these may hold {facts}; path, stage, cause, device, resource, rise, rate, percent (of a
  // level) and seconds are always known.
  std::string_view title;
  std::array<Remark, 3> also = {};  // More evidence.
  std::string_view cause;
  std::array<Remark, 6> checked = {};  // What was looked at to rule out other causes.
  std::array<Step, 3> change = {};
  std::string_view cost = {};
  std::string_view verify = {};
  std::string_view undo = {};
};

// Every rule, in the order in which they are asked.
std::vector<const Rule*> Rules();

// The tables that Rules() is made of, in that order.
std::span<const Rule> DeviceReceiveRules();
std::span<const Rule> StackReceiveRules();
std::span<const Rule> ListenRules();
std::span<const Rule> TcpRules();
std::span<const Rule> DatagramRules();
std::span<const Rule> QdiscRules();
std::span<const Rule> TransmitRules();
std::span<const Rule> GeneralRules();

}  // namespace netstack
