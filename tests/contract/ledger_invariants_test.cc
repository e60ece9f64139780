// Whatever the kernel's counters do, a number of the ledger that is made of several of them never
// steps back but to 0, and never rises by more than they did: no restart, wrap or vanished device
// looks like a burst of drops.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "collectors/catalog.h"
#include "exporter/path/families.h"
#include "exporter/path/ledger.h"
#include "exporter/path/rows.h"
#include "exporter/path/term_ref.h"

namespace netstack {
namespace {

std::vector<CountRow> AllRows() {
  std::vector<CountRow> rows(ReceiveRows().begin(), ReceiveRows().end());
  rows.insert(rows.end(), TransmitRows().begin(), TransmitRows().end());
  return rows;
}

// A device of the made-up host. Only hardware has a driver.
struct MadeDevice {
  std::string_view name;
  std::string_view driver;
  Visibility visibility;
};
constexpr auto kDevices = std::to_array<MadeDevice>({{"eth0", "e1000e", Visibility::kEverywhere},
                                                     {"eth1", "ixgbe", Visibility::kEverywhere},
                                                     {"lo", "", Visibility::kEverywhere},
                                                     {"veth1", "", Visibility::kHidden},
                                                     {"veth2", "", Visibility::kHidden},
                                                     {"bond0", "", Visibility::kOffPath}});
constexpr std::string_view kLinkInfo = "netstack_link_info";

// One series of a kernel counter, over the rounds.
struct Source {
  std::size_t collector;
  const Family* family;
  std::vector<std::string> labels;
  const MadeDevice* device = nullptr;
  bool present = true;
  std::uint64_t value = 0;
  std::uint64_t rise = 0;    // Since the last round; 0 when it was not seen in both.
  bool seen_before = false;  // In the last round, by the ledger.
};

// Counters that the ledger reads, each doing what counters do: rise, wrap, be reset, be read a
// little late, vanish and come back.
class Sources {
 public:
  explicit Sources(unsigned seed) : random_(seed) {
    std::map<std::string_view, std::set<std::string_view>> wanted;  // Family to filter values.
    for (const CountRow& row : AllRows()) {
      for (const Terms& terms : {row.plus, row.minus}) {
        for (const Term& term : terms) {
          if (!term.family.empty()) wanted[term.family].insert(term.value);
        }
      }
    }
    for (std::size_t i = 0; i < Catalog().size(); ++i) {
      for (const Family& family : Catalog()[i]->families) {
        if (wanted.contains(family.name)) AddFamily(i, family, wanted[family.name]);
      }
    }
  }

  void Step() {
    failed_.clear();
    for (std::size_t i = 0; i < Catalog().size(); ++i) {
      if (Chance(30)) failed_.insert(i);
    }
    for (Source& source : sources_) Step(source);
  }

  // All collectors' reports of this round, valid until the next call.
  std::vector<CollectorReport> Reports() {
    std::vector<CollectorReport> reports;
    samples_.clear();
    for (std::size_t i = 0; i < Catalog().size(); ++i) {
      samples_.push_back(std::make_unique<Samples>(Catalog()[i]->families));
      const bool failed = failed_.contains(i);
      reports.push_back({.declaration = Catalog()[i],
                         .asked = true,
                         .state = failed ? CollectorState::kFailed : CollectorState::kOk,
                         .samples = failed ? nullptr : samples_.back().get()});
      AddLinkInfo(*Catalog()[i], *samples_.back());
    }
    for (const Source& source : sources_) {
      if (!source.present) continue;
      const std::vector<std::string_view> labels(source.labels.begin(), source.labels.end());
      samples_[source.collector]->Add(
          *source.family, labels, source.value,
          source.device ? source.device->visibility : Visibility::kEverywhere);
    }
    return reports;
  }

  bool LinkFailed() const {
    return std::ranges::any_of(failed_, [](std::size_t i) { return Catalog()[i]->name == "link"; });
  }
  bool Failed(std::size_t collector) const { return failed_.contains(collector); }
  const std::vector<Source>& all() const { return sources_; }

 private:
  bool Chance(unsigned one_in) { return random_() % one_in == 0; }

  void AddFamily(std::size_t collector, const Family& family,
                 const std::set<std::string_view>& filters) {
    std::vector<Source> made = {{.collector = collector, .family = &family, .labels = {}}};
    for (std::size_t i = 0; i < family.label_count(); ++i) {
      std::vector<Source> more;
      for (const Source& source : made) {
        const auto with = [&](std::string_view value, const MadeDevice* device) {
          more.push_back(source);
          more.back().labels.emplace_back(value);
          if (device != nullptr) more.back().device = device;
        };
        if (family.labels[i] == "device") {
          for (const MadeDevice& device : kDevices) with(device.name, &device);
        } else {
          for (const std::string_view value : {"1", "2"}) with(value, nullptr);
          for (const std::string_view value : filters) {
            if (!value.empty()) with(value, nullptr);
          }
        }
      }
      made = std::move(more);
    }
    for (Source& source : made) {
      // Some are about to wrap.
      source.value = family.width == Width::k32 ? UINT32_MAX - random_() % 100'000 : random_();
      sources_.push_back(std::move(source));
    }
  }

  void Step(Source& source) {
    const std::uint64_t before = source.value;
    const bool seen_before = source.seen_before;
    if (Chance(60)) source.present = !source.present;
    const std::uint64_t step = Chance(10) ? random_() % 50'000'000 : random_() % 100;
    if (source.family->width == Width::k32) {
      // The kernel never resets these while the program runs.
      source.value = static_cast<std::uint32_t>(before + step);
      source.rise = step;
    } else {
      source.value = before + step;
      if (Chance(50)) source.value = random_() % 1000;  // A reset...
      if (Chance(20)) source.value = before - std::min<std::uint64_t>(before, random_() % 50);
      source.rise = source.value > before ? source.value - before : 0;
    }
    const bool seen = source.present && !Failed(source.collector);
    if (!seen || !seen_before) source.rise = 0;
    source.seen_before = seen;
  }

  static void AddLinkInfo(const CollectorDeclaration& collector, Samples& samples) {
    for (const Family& family : collector.families) {
      if (family.name != kLinkInfo) continue;
      for (const MadeDevice& device : kDevices) {
        std::vector<std::string_view> labels(family.label_count());
        for (std::size_t i = 0; i < labels.size(); ++i) {
          if (family.labels[i] == "device") labels[i] = device.name;
          if (family.labels[i] == "driver") labels[i] = device.driver;
        }
        samples.Add(family, labels, std::uint64_t{1}, device.visibility);
      }
    }
  }

  std::mt19937_64 random_;
  std::vector<Source> sources_;
  std::set<std::size_t> failed_;
  std::vector<std::unique_ptr<Samples>> samples_;
};

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

// The device whose number a source is part of; nullopt: of none.
std::optional<std::string_view> GroupOf(const CountRow& row, const Source& source) {
  const MadeDevice* const device = source.device;
  if (device != nullptr && device->visibility == Visibility::kOffPath) return std::nullopt;
  if (row.per == Per::kHost || device == nullptr) return "";
  if (row.per == Per::kHardware && device->driver.empty()) return std::nullopt;
  return device->visibility == Visibility::kHidden ? "other" : device->name;
}

bool Selects(const Term& term, const Source& source) {
  if (term.family != source.family->name) return false;
  for (std::size_t i = 0; i < source.labels.size(); ++i) {
    if (source.family->labels[i] == term.label && source.labels[i] != term.value) return false;
  }
  return true;
}

// How a number is to be judged: one counter of the kernel is shown as it is, all else by increases.
struct Allowed {
  bool as_is = false;
  std::uint64_t value = 0;  // As it is.
  std::uint64_t rise = 0;   // What its sources rose by.
};

std::map<std::string, Allowed> AllowedBy(const Sources& sources) {
  std::map<std::string, Allowed> allowed;
  for (const CountRow& row : AllRows()) {
    const auto terms =
        std::ranges::count_if(row.plus, [](const Term& t) { return t.family != ""; }) +
        std::ranges::count_if(row.minus, [](const Term& t) { return t.family != ""; });
    const auto first = TermRef::Find(row.plus[0], Catalog());
    const bool as_is =
        terms == 1 && first->IsSinglePerDevice() && first->declaration()->width == Width::k64;
    for (const Source& source : sources.all()) {
      if (!source.present || sources.Failed(source.collector)) continue;
      for (const Term& term : row.plus) {
        // Which devices are hardware is the link collector's to say.
        if (row.per == Per::kHardware && sources.LinkFailed()) continue;
        const auto group = GroupOf(row, source);
        if (term.family.empty() || !Selects(term, source) || !group) continue;
        Allowed& number = allowed[KeyOf(row, *group)];
        number.as_is = as_is && *group != "other";
        number.value = source.value;
        number.rise += source.rise;
      }
    }
  }
  return allowed;
}

class LedgerInvariants : public testing::TestWithParam<unsigned> {};

TEST_P(LedgerInvariants, NumbersRiseByNoMoreThanTheirSourcesAndFallToZeroOnly) {
  Sources sources(GetParam());
  Ledger ledger(Catalog());
  Numbers before;
  std::map<std::string, std::uint64_t> risen;
  for (int round = 0; round < 400 && !HasFailure(); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    sources.Step();
    ledger.Update(sources.Reports());
    const Numbers now = NumbersOf(ledger.samples());
    const auto allowed = AllowedBy(sources);
    for (const auto& [key, value] : now) {
      ASSERT_TRUE(allowed.contains(key)) << key;
      const Allowed& may = allowed.at(key);
      if (may.as_is) {
        EXPECT_EQ(value, may.value) << key;
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
  const auto last = AllowedBy(sources);
  for (const auto& [key, value] : before) {
    EXPECT_TRUE(last.at(key).as_is || risen[key] > 0) << key << " stood still";
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, LedgerInvariants, testing::Range(1u, 9u));

}  // namespace
}  // namespace netstack
