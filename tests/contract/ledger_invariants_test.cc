// Whatever the kernel's counters do, a number of the ledger that is made of several of them never
// steps back but to 0, and never rises by more than they did: no restart, wrap or vanished device
// looks like a burst of drops.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>

#include "collectors/catalog.h"
#include "collectors/shared_families.h"
#include "exporter/path/families.h"
#include "exporter/path/ledger.h"
#include "exporter/path/rows.h"
#include "exporter/path/term_ref.h"
#include "tests/contract/made_counters.h"

namespace netstack {
namespace {

// "path/stage/kind or class/cause/device" to the number.
using Numbers = std::map<std::string, std::uint64_t>;

Numbers NumbersOf(const Samples& samples) {
  Numbers numbers;
  for (const auto index : {kPathPackets, kPathDrops, kPathPressure}) {
    samples.ForEach(index, [&](const Samples::View& view) {
      std::string key = std::to_string(index);
      view.ForEachLabel([&](std::size_t, std::string_view value) {
        key += '/';
        key += value;
      });
      EXPECT_TRUE(numbers.emplace(key, view.value().integer).second) << key;
    });
  }
  return numbers;
}

std::string KeyOf(const CountRow& row, std::string_view device) {
  std::string key = std::to_string(row.kind == Kind::kFlow   ? kPathPackets
                                   : row.kind == Kind::kDrop ? kPathDrops
                                                             : kPathPressure);
  key += "/" + std::string(Slug(row.path)) + "/" + std::string(Slug(row.stage));
  if (row.kind == Kind::kDrop) key += "/" + std::string(Slug(row.cls));
  if (row.kind != Kind::kFlow) key += "/" + std::string(row.cause);
  return key + "/" + std::string(device);
}

// The device whose number a counter is part of; nullopt: of none.
std::optional<std::string_view> GroupOf(const CountRow& row, const MadeCounter& counter) {
  const MadeDevice* const device = counter.device;
  if (device != nullptr && device->visibility == Visibility::kOffPath) return std::nullopt;
  if (row.per == Per::kHost || device == nullptr) return "";
  const bool hardware = !device->driver.empty();
  if (row.per == Per::kHardware && !hardware) return std::nullopt;
  if (row.per == Per::kHardwareOrTunnel && !hardware && device->kind != "tun") return std::nullopt;
  if (row.per == Per::kNeverInBacklog && device->name != "eth0") return std::nullopt;
  return device->visibility == Visibility::kHidden ? "other" : device->name;
}

bool Selects(const Term& term, const MadeCounter& counter) {
  if (term.family != counter.family->name || IsOfOtherNamespaces(*counter.family)) return false;
  for (std::size_t i = 0; i < counter.labels.size(); ++i) {
    const std::string_view label = counter.family->labels[i];
    if (label == term.label && counter.labels[i] != term.value) return false;
    if (label == term.second_label && counter.labels[i] != term.second_value) return false;
  }
  return true;
}

// Whether the term counts the device of that counter, of which the link collector has told.
bool CountsDevice(const Term& term, const MadeCounter& counter, const MadeCounters& counters) {
  if (term.per != Per::kVeth) return true;
  return !counters.Failed("link") && counter.device != nullptr && counter.device->kind == "veth";
}

bool StandsIn(const Term& term, const MadeCounter& counter, const MadeCounters& counters) {
  return term.otherwise != nullptr &&
         std::ranges::any_of(term.otherwise->terms, [&](const Term& other) {
           return Selects(other, counter) && CountsDevice(other, counter, counters);
         });
}

// Whether the row may count the device of that counter.
bool IsWhere(const CountRow& row, const MadeCounter& counter, const MadeCounters& counters) {
  if (row.where.family.empty()) return true;
  const bool is_there = std::ranges::any_of(counters.all(), [&](const MadeCounter& other) {
    return other.present && !counters.Failed(other.collector) && Selects(row.where, other) &&
           (!row.is_where_above_zero || other.value != 0) &&
           GroupOf(row, other) == GroupOf(row, counter);
  });
  return is_there != row.is_where_absent;
}

// Whether the collectors were read that the row's number is nothing without.
bool IsTold(const CountRow& row, const MadeCounters& counters) {
  return !row.is_rest || std::ranges::none_of(counters.all(), [&](const MadeCounter& other) {
    return counters.Failed(other.collector) &&
           std::ranges::any_of(row.minus, [&](const Term& term) {
             return !term.family.empty() && Selects(term, other);
           });
  });
}

// What was taken too much and is given back may have held back what was added before.
std::uint64_t GivenBack(const CountRow& row, std::string_view group, const MadeCounters& counters) {
  std::uint64_t sum = 0;
  for (const Term& term : row.back) {
    if (term.family.empty()) break;
    for (const MadeCounter& counter : counters.all()) {
      if (Selects(term, counter) && GroupOf(row, counter) == group) sum += counter.rise;
    }
  }
  return sum;
}

// How a number is to be judged: one counter of the kernel is shown as it is, all else by increases.
struct Allowed {
  bool as_is = false;
  bool may_switch = false;  // As it is until another source stands in, by increases from then on.
  std::uint64_t value = 0;  // As it is.
  std::uint64_t rise = 0;   // What its sources rose by.
};

std::map<std::string, Allowed> AllowedBy(const MadeCounters& counters) {
  std::map<std::string, Allowed> allowed;
  for (const CountRow& row : AllCountRows()) {
    if (!IsTold(row, counters)) continue;
    const auto terms =
        std::ranges::count_if(row.plus, [](const Term& t) { return !t.family.empty(); }) +
        std::ranges::count_if(row.minus, [](const Term& t) { return !t.family.empty(); });
    const auto first = TermRef::Find(row.plus[0], Catalog());
    const bool has_other = std::ranges::any_of(row.plus, &Term::otherwise);
    const bool as_is = row.per != Per::kNeverInBacklog && terms == 1 &&
                       first->IsSinglePerDevice() && first->declaration()->width == Width::k64;
    for (const MadeCounter& counter : counters.all()) {
      if (!counter.present || counters.Failed(counter.collector)) continue;
      for (const Term& term : row.plus) {
        // Which devices are hardware is the link collector's to say.
        const bool needs_link = row.per != Per::kHost && row.per != Per::kDevice;
        if (needs_link && counters.Failed("link")) continue;
        if (row.per == Per::kNeverInBacklog && counters.Failed("queues")) continue;
        const auto group = GroupOf(row, counter);
        if (term.family.empty() || !group) continue;
        const bool selects = Selects(term, counter);
        if (!selects && !StandsIn(term, counter, counters)) continue;
        if (!IsWhere(row, counter, counters)) continue;
        Allowed& number = allowed[KeyOf(row, *group)];
        number.as_is = as_is && !has_other && *group != "other";
        number.may_switch = as_is && has_other;
        if (selects) number.value = counter.value;
        number.rise += counter.rise + GivenBack(row, *group, counters);
      }
    }
  }
  return allowed;
}

class LedgerInvariants : public testing::TestWithParam<unsigned> {};

TEST_P(LedgerInvariants, NumbersRiseByNoMoreThanTheirSourcesAndFallToZeroOnly) {
  MadeCounters counters(GetParam());
  Ledger ledger(Catalog());
  Numbers before;
  std::map<std::string, std::uint64_t> risen;
  for (int round = 0; round < 400 && !HasFailure(); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    counters.Step();
    ledger.Update(counters.Reports());
    const Numbers now = NumbersOf(ledger.samples());
    const auto allowed = AllowedBy(counters);
    for (const auto& [key, value] : now) {
      ASSERT_TRUE(allowed.contains(key)) << key;
      const Allowed& may = allowed.at(key);
      if (may.as_is) {
        EXPECT_EQ(value, may.value) << key;
      } else if (may.may_switch && value == may.value) {
        risen[key] += may.rise;
      } else if (!before.contains(key)) {
        EXPECT_EQ(value, 0u) << key << " did not start at 0";
      } else if (value != 0) {
        EXPECT_GE(value, before.at(key)) << key;
        EXPECT_LE(value - before.at(key), may.rise) << key;
        risen[key] += value - before.at(key);
      }
    }
    for (const auto& [key, may] : allowed) EXPECT_TRUE(now.contains(key)) << key << " is missing";
    before = now;
  }
  const auto last = AllowedBy(counters);
  for (const auto& [key, value] : before) {
    EXPECT_TRUE(last.at(key).as_is || risen[key] > 0) << key << " stood still";
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, LedgerInvariants, testing::Range(1u, 9u));

}  // namespace
}  // namespace netstack
