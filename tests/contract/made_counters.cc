#include "tests/contract/made_counters.h"

#include <algorithm>
#include <array>
#include <map>

#include "collectors/catalog.h"

namespace netstack {
namespace {

constexpr auto kDevices = std::to_array<MadeDevice>({{"eth0", "e1000e", Visibility::kEverywhere},
                                                     {"eth1", "ixgbe", Visibility::kEverywhere},
                                                     {"lo", "", Visibility::kEverywhere},
                                                     {"veth1", "", Visibility::kHidden, "veth"},
                                                     {"veth2", "", Visibility::kHidden, "veth"},
                                                     {"tap1", "", Visibility::kHidden, "tun"},
                                                     {"tap2", "", Visibility::kHidden, "tun"},
                                                     {"bond0", "", Visibility::kOffPath}});
constexpr std::string_view kLinkInfo = "netstack_link_info";
constexpr auto kSteering =
    std::to_array<std::string_view>({"netstack_queue_rps_cpus", "netstack_queue_rps_flows"});

void AddLinkInfo(const CollectorDeclaration& collector, Samples& samples) {
  for (const Family& family : collector.families) {
    if (family.name != kLinkInfo) continue;
    for (const MadeDevice& device : kDevices) {
      std::vector<std::string_view> labels(family.label_count());
      for (std::size_t i = 0; i < labels.size(); ++i) {
        if (family.labels[i] == "device") labels[i] = device.name;
        if (family.labels[i] == "driver") labels[i] = device.driver;
        if (family.labels[i] == "kind") labels[i] = device.kind;
      }
      samples.Add(family, labels, std::uint64_t{1}, device.visibility);
    }
  }
}

// Nothing is steered on eth0; of eth1 nobody knows.
void AddSteering(const CollectorDeclaration& collector, Samples& samples) {
  for (const Family& family : collector.families) {
    if (std::ranges::find(kSteering, family.name) == kSteering.end()) continue;
    samples.Add(family, {"eth0", "0", ""}, std::uint64_t{0});
  }
}

}  // namespace

namespace {

// The labels by which a row tells samples of a family apart.
void AddTerm(const Term& term, std::map<std::string_view, MadeCounters::Filters>& wanted) {
  if (term.family.empty()) return;
  wanted[term.family].emplace(term.label, term.value);
  if (!term.second_label.empty()) {
    wanted[term.family].emplace(term.second_label, term.second_value);
  }
}

}  // namespace

std::vector<CountRow> AllCountRows() {
  std::vector<CountRow> rows(ReceiveRows().begin(), ReceiveRows().end());
  rows.insert(rows.end(), TransmitRows().begin(), TransmitRows().end());
  return rows;
}

MadeCounters::MadeCounters(unsigned seed) : random_(seed) {
  std::map<std::string_view, Filters> wanted;  // By family.
  for (const CountRow& row : AllCountRows()) {
    for (const Terms& terms : {row.plus, row.minus}) {
      for (const Term& term : terms) {
        AddTerm(term, wanted);
        if (term.otherwise == nullptr) continue;
        for (const Term& other : term.otherwise->terms) AddTerm(other, wanted);
      }
    }
  }
  for (std::size_t i = 0; i < Catalog().size(); ++i) {
    for (const Family& family : Catalog()[i]->families) {
      if (wanted.contains(family.name)) AddFamily(i, family, wanted[family.name]);
    }
  }
}

void MadeCounters::Step() {
  failed_.clear();
  for (std::size_t i = 0; i < Catalog().size(); ++i) {
    if (Chance(30)) failed_.insert(i);
  }
  for (MadeCounter& counter : counters_) Step(counter);
}

std::vector<CollectorReport> MadeCounters::Reports() {
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
    AddSteering(*Catalog()[i], *samples_.back());
  }
  for (const MadeCounter& counter : counters_) {
    if (!counter.present) continue;
    const std::vector<std::string_view> labels(counter.labels.begin(), counter.labels.end());
    samples_[counter.collector]->Add(
        *counter.family, labels, counter.value,
        counter.device ? counter.device->visibility : Visibility::kEverywhere);
  }
  return reports;
}

bool MadeCounters::Failed(std::string_view collector) const {
  return std::ranges::any_of(failed_,
                             [&](std::size_t i) { return Catalog()[i]->name == collector; });
}

void MadeCounters::AddFamily(std::size_t collector, const Family& family, const Filters& filters) {
  std::vector<MadeCounter> made = {{.collector = collector, .family = &family, .labels = {}}};
  for (std::size_t i = 0; i < family.label_count(); ++i) {
    std::vector<MadeCounter> more;
    for (const MadeCounter& counter : made) {
      const auto with = [&](std::string_view value, const MadeDevice* device) {
        more.push_back(counter);
        more.back().labels.emplace_back(value);
        if (device != nullptr) more.back().device = device;
      };
      if (family.labels[i] == "device") {
        for (const MadeDevice& device : kDevices) with(device.name, &device);
      } else {
        for (const std::string_view value : {"1", "2"}) with(value, nullptr);
        for (const auto& [label, value] : filters) {
          if (label == family.labels[i]) with(value, nullptr);
        }
      }
    }
    made = std::move(more);
  }
  for (MadeCounter& counter : made) {
    // Some are about to wrap.
    counter.value = family.width == Width::k32 ? UINT32_MAX - random_() % 100'000 : random_();
    counters_.push_back(std::move(counter));
  }
}

void MadeCounters::Step(MadeCounter& counter) {
  const std::uint64_t before = counter.value;
  const bool seen_before = counter.seen_before;
  if (Chance(60)) counter.present = !counter.present;
  const std::uint64_t step = Chance(10) ? random_() % 50'000'000 : random_() % 100;
  if (counter.family->width == Width::k32) {
    // The kernel never resets these while the program runs.
    counter.value = static_cast<std::uint32_t>(before + step);
    counter.rise = step;
  } else {
    counter.value = before + step;
    if (Chance(50)) counter.value = random_() % 1000;  // A reset...
    if (Chance(20)) counter.value = before - std::min<std::uint64_t>(before, random_() % 50);
    counter.rise = counter.value > before ? counter.value - before : 0;
  }
  const bool seen = counter.present && !Failed(counter.collector);
  if (!seen || !seen_before) counter.rise = 0;
  counter.seen_before = seen;
}

}  // namespace netstack
