#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "model/stage.h"

namespace netstack {

enum class MetricType : std::uint8_t {
  kCounter,  // Name ends in _total.
  kGauge,
  kInfo,  // Name ends in _info, value 1.
  kHistogram,
  kGaugeHistogram,  // A distribution over live objects: it is not cumulative over time.
};

// What a number says about its stage.
enum class Role : std::uint8_t {
  kInfo,      // Describes; says nothing about health.
  kFlow,      // Work done.
  kDrop,      // Lost here, or an aggregate of such (the ledger decides what counts).
  kPressure,  // Nothing lost yet.
  kWait,      // Time spent.
  kDepth,     // How much is queued now.
  kLimit,     // What a depth is held against.
  kTunable,   // A knob's setting.
};

// How many people want it: a collector with tiers shows those up to the one configured.
enum class Tier : std::uint8_t { kCore, kExtended, kAll };

// The size of the kernel's own counter. A 32-bit one wraps, and the ledger has to know.
enum class Width : std::uint8_t { k64, k32 };

inline constexpr std::size_t kMaxLabels = 10;
using LabelNames = std::array<std::string_view, kMaxLabels>;

// The only declaration of a metric family. HELP and TYPE, the reference page, the ledger and the
// tests are all made from it. Instances live in constexpr tables for the life of the program.
struct Family {
  std::string_view name;
  MetricType type = MetricType::kGauge;
  Path path = Path::kNone;
  Stage stage = Stage::kNone;
  Role role = Role::kInfo;
  Tier tier = Tier::kCore;
  Width width = Width::k64;
  LabelNames labels = {};         // In the order of the values given to Samples::Add.
  std::string_view help;          // What it counts, one sentence; shown as HELP.
  std::string_view source = {};   // File and column, or message and attribute, in the kernel.
  std::string_view reading = {};  // What a rise or a level means and what to do about it.

  constexpr std::size_t label_count() const {
    std::size_t n = 0;
    while (n < kMaxLabels && !labels[n].empty()) ++n;
    return n;
  }
};

std::string_view Slug(MetricType type);
std::string_view Slug(Role role);
std::string_view Slug(Tier tier);

// What is wrong with a declaration (name, type suffix, labels, stage, help), or nullptr. Usable in
// a static_assert: static_assert(FirstFault(kFamilies) == nullptr).
constexpr const char* FaultOf(const Family& family);
constexpr const char* FirstFault(std::span<const Family> families);

namespace family_internal {

constexpr bool IsSnake(std::string_view text, bool allow_underscore_start = false) {
  if (text.empty() || (!allow_underscore_start && !(text[0] >= 'a' && text[0] <= 'z'))) {
    return false;
  }
  for (const char c : text) {
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) return false;
  }
  return text.find("__") == std::string_view::npos && !text.ends_with("_");
}

// Names that belong to the scraping side or to the format.
inline constexpr std::array<std::string_view, 12> kForbiddenLabels = {
    "service", "namespace", "pod", "container", "endpoint", "node",
    "job",     "instance",  "le",  "quantile",  "type",     "total"};

constexpr const char* FaultOfLabels(const Family& family) {
  const std::size_t count = family.label_count();
  for (std::size_t i = 0; i < count; ++i) {
    if (!IsSnake(family.labels[i])) return "a label name is not snake_case";
    for (const std::string_view forbidden : kForbiddenLabels) {
      if (family.labels[i] == forbidden) return "a label name is reserved";
    }
    for (std::size_t j = 0; j < i; ++j) {
      if (family.labels[i] == family.labels[j]) return "a label name is used twice";
    }
  }
  return nullptr;
}

}  // namespace family_internal

constexpr const char* FaultOf(const Family& family) {
  const std::string_view name = family.name;
  if (!family_internal::IsSnake(name)) return "the name is not snake_case";
  if (!name.starts_with("netstack_") && !name.starts_with("process_")) {
    return "the name does not start with netstack_";
  }
  const bool total = name.ends_with("_total");
  if ((family.type == MetricType::kCounter) != total) return "_total and counter go together";
  if ((family.type == MetricType::kInfo) != name.ends_with("_info")) {
    return "_info and info go together";
  }
  for (const std::string_view suffix : {"_bucket", "_sum", "_count"}) {
    if (name.ends_with(suffix)) return "the name ends in a suffix of the format";
  }
  if (family.help.empty() || !family.help.ends_with(".")) return "the help is not a sentence";
  if ((family.path == Path::kNone) != (family.stage == Stage::kNone)) {
    return "path and stage go together";
  }
  return family_internal::FaultOfLabels(family);
}

constexpr const char* FirstFault(std::span<const Family> families) {
  for (std::size_t i = 0; i < families.size(); ++i) {
    if (const char* fault = FaultOf(families[i])) return fault;
    for (std::size_t j = 0; j < i; ++j) {
      if (families[i].name == families[j].name) return "a name is declared twice";
    }
  }
  return nullptr;
}

}  // namespace netstack
