#pragma once

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/catalog.h"
#include "exporter/path/families.h"
#include "exporter/path/ledger.h"
#include "exporter/path/rows.h"

namespace netstack {

struct Device {
  std::string_view name;
  std::string_view kind;
  std::string_view driver;
  Visibility visibility = Visibility::kEverywhere;
};
inline constexpr auto kDevices = std::to_array<Device>({
    {"eth0", "", "e1000e"},
    {"eth1", "", "vmxnet3"},
    {"eth2", "", "virtio_net"},
    {"usb0", "", "cdc_ether"},
    {"veth0", "veth", "", Visibility::kHidden},
    {"tap0", "tun", "", Visibility::kHidden},
    {"br0", "bridge", "", Visibility::kOffPath},
});

// What one event adds to a counter. Without a device: of the host.
struct Rise {
  std::string_view family;
  std::string_view device = {};
  std::uint64_t by = 7;
  std::string_view part = "x";  // Its labels, but for the device: one, or "direction/another".
};

// A host on which every counter that a row or an overlap names has a sample.
class OverlapsHost {
 public:
  // `rises` are all that will be added.
  explicit OverlapsHost(std::span<const Rise> rises) {
    for (const auto& rows : {ReceiveRows(), TransmitRows()}) {
      for (const CountRow& row : rows) {
        for (const Terms& terms : {row.plus, row.minus}) {
          for (const Term& term : terms) {
            if (!term.family.empty()) parts_[term.family].insert("x");
          }
        }
      }
    }
    for (const Rise& rise : rises) parts_[rise.family].insert(rise.part);
  }

  using Numbers = std::map<std::string, std::uint64_t>;

  // The drops of one round, by "class path/stage/cause device".
  Numbers Round(Ledger& ledger) {
    std::vector<std::unique_ptr<Samples>> samples;
    std::vector<CollectorReport> reports;
    for (const CollectorDeclaration* const collector : Catalog()) {
      samples.push_back(std::make_unique<Samples>(collector->families));
      for (const Family& family : collector->families) AddFamily(family, *samples.back());
      reports.push_back({.declaration = collector, .asked = true, .samples = samples.back().get()});
    }
    ledger.Update(reports);
    Numbers numbers;
    ledger.samples().ForEach(kPathDrops, [&](const Samples::View& view) {
      std::string key = std::string(view.Label(2)) + " " + std::string(view.Label(0)) + "/" +
                        std::string(view.Label(1)) + "/" + std::string(view.Label(3));
      if (!view.Label(4).empty()) key += " " + std::string(view.Label(4));
      numbers[key] = view.value().integer;
    });
    return numbers;
  }

  // False when no collector has the counter.
  bool Add(const Rise& rise) {
    const auto at = values_.find({rise.family, rise.device, rise.part});
    if (at == values_.end()) return false;
    at->second += rise.by;
    return true;
  }

 private:
  void AddFamily(const Family& family, Samples& out) {
    const bool info = family.name == "netstack_link_info";
    const bool steering =
        family.name == "netstack_queue_rps_cpus" || family.name == "netstack_queue_rps_flows";
    if (parts_.contains(family.name)) {
      for (const std::string_view part : parts_[family.name]) AddPart(family, part, out);
    } else if (info || steering) {
      AddPart(family, "x", out);
    }
  }

  void AddPart(const Family& family, std::string_view part, Samples& out) {
    const bool info = family.name == "netstack_link_info";
    const bool by_device = family.labels[0] == "device";
    for (const Device& device : kDevices) {
      // Statistics of drivers are read of cards only.
      if (family.name == "netstack_queue_drops_total" && device.driver.empty()) continue;
      const std::size_t slash = part.find('/');
      std::vector<std::string_view> labels(family.label_count(),
                                           slash == part.npos ? part : part.substr(slash + 1));
      for (std::size_t i = 0; i < labels.size(); ++i) {
        if (family.labels[i] == "direction") labels[i] = part.substr(0, slash);
        if (family.labels[i] == "device") labels[i] = device.name;
        if (info && family.labels[i] == "kind") labels[i] = device.kind;
        if (info && family.labels[i] == "driver") labels[i] = device.driver;
      }
      const std::string_view name = by_device ? device.name : std::string_view{};
      std::uint64_t value = 0;  // Nothing is steered.
      if (parts_.contains(family.name)) {
        value = values_.try_emplace({family.name, name, part}, 50).first->second;
      }
      out.Add(family, labels, value, by_device ? device.visibility : Visibility::kEverywhere);
      if (!by_device) return;
    }
  }

  std::map<std::string_view, std::set<std::string_view>> parts_;     // Of each family.
  std::map<std::array<std::string_view, 3>, std::uint64_t> values_;  // By family, device and part.
};

struct Overlap {
  std::string_view event;
  std::vector<Rise> rises;
  std::string_view moves;  // "class path/stage/cause device", or empty: nothing.
  std::uint64_t by = 7;
};

// Makes one overlap after the other happen on one host.
inline void ExpectOneCauseMoves(const std::vector<Overlap>& overlaps) {
  std::vector<Rise> rises;
  for (const Overlap& overlap : overlaps) {
    rises.insert(rises.end(), overlap.rises.begin(), overlap.rises.end());
  }
  OverlapsHost host(rises);
  Ledger ledger(Catalog());
  OverlapsHost::Numbers before = host.Round(ledger);
  ASSERT_GT(before.size(), 40U);
  for (const Overlap& overlap : overlaps) {
    SCOPED_TRACE(overlap.event);
    for (const Rise& rise : overlap.rises) {
      EXPECT_TRUE(host.Add(rise)) << "nobody has " << rise.family << " " << rise.device;
    }
    OverlapsHost::Numbers now = host.Round(ledger);
    OverlapsHost::Numbers moved;
    for (const auto& [key, value] : now) {
      if (value != before[key]) moved[key] = value - before[key];
    }
    OverlapsHost::Numbers expected;
    if (!overlap.moves.empty()) expected[std::string(overlap.moves)] = overlap.by;
    EXPECT_EQ(moved, expected);
    before = std::move(now);
  }
}

}  // namespace netstack
