#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "collectors/fixture_host.h"
#include "kernel/record/host_replay.h"

namespace netstack::ethtool {

extern const CollectorDeclaration kCollector;

namespace {

using testing::Contains;

// The page of a recorded host; the last number of an age is the clock's.
std::vector<std::string> PageOf(const std::string& fixture, bool all_offloads = false) {
  const std::string directory =
      std::string(NETSTACK_SOURCE_DIR) + "/collectors/ethtool/fixtures/" + fixture;
  const auto host = HostReplay::Open(directory);
  if (!host) {
    ADD_FAILURE() << host.error().Describe();
    return {};
  }
  const Kernel kernel = (*host)->kernel();
  OptionValues options(kCollector.options);
  EXPECT_EQ(options.Set("all-offloads", all_offloads ? "true" : "false"), "");
  const DevicePolicy policy;
  const auto collector = kCollector.create({kernel, options, policy});
  Samples samples(kCollector.families);
  const Outcome outcome = collector->Collect(samples);
  EXPECT_EQ(outcome.state, CollectorState::kOk) << (outcome.error ? outcome.error->Describe() : "");
  std::vector<std::string> lines = Lines(samples);
  EXPECT_FALSE(lines.empty());
  std::erase_if(lines, [](const std::string& line) {
    return line.starts_with("netstack_ethtool_settings_age_seconds{");
  });
  return lines;
}

std::string Tunable(const std::string& path, const std::string& stage, const std::string& name,
                    const std::string& field, const std::string& unit, int value) {
  return "netstack_tunable{path=\"" + path + "\",stage=\"" + stage + "\",name=\"ethtool." + name +
         "\",device=\"eth0\",field=\"" + field + "\",unit=\"" + unit + "\"} " +
         std::to_string(value);
}

// The values of the tunables of one device: "rings.rx max" to 4096. Features are left out.
std::map<std::string, int> TunablesOf(const std::string& fixture, const std::string& device) {
  std::map<std::string, int> values;
  for (const std::string& line : PageOf(fixture)) {
    const std::size_t name = line.find("name=\"ethtool.");
    if (name == std::string::npos || line.find("ethtool.features.") != std::string::npos) continue;
    if (line.find("device=\"" + device + "\"") == std::string::npos) continue;
    const std::string rest = line.substr(name + std::string("name=\"ethtool.").size());
    const std::size_t field = rest.find("field=\"") + std::string("field=\"").size();
    values[rest.substr(0, rest.find('"')) + " " +
           rest.substr(field, rest.find('"', field) - field)] =
        std::stoi(line.substr(line.rfind(' ')));
  }
  return values;
}

// As `ethtool -g`, `-l`, `-c` and `-a` said in the same guest.
TEST(RecordedHost, ShowsWhatEachDriverHasAndNoMore) {
  EXPECT_EQ(TunablesOf("nics-6.1", "eth1"),
            (std::map<std::string, int>{{"rings.rx max", 4096},
                                        {"rings.rx current", 256},
                                        {"rings.tx max", 4096},
                                        {"rings.tx current", 256},
                                        {"rings.tx-push current", 0},
                                        {"coalesce.rx-usecs current", 3},
                                        {"pause.autoneg current", 1},
                                        {"pause.rx current", 1},
                                        {"pause.tx current", 1}}));
  EXPECT_EQ(TunablesOf("nics-6.1", "eth2"),
            (std::map<std::string, int>{{"rings.rx max", 4096},
                                        {"rings.rx current", 1024},
                                        {"rings.rx-jumbo max", 4096},
                                        {"rings.rx-jumbo current", 512},
                                        {"rings.tx max", 4096},
                                        {"rings.tx current", 512},
                                        {"rings.tx-push current", 0},
                                        {"channels.combined max", 2},
                                        {"channels.combined current", 2},
                                        {"channels.other max", 1},
                                        {"channels.other current", 1}}));
  EXPECT_THAT(PageOf("nics-6.1"),
              Contains("netstack_ethtool_receive_coalesce_seconds{device=\"eth1\","
                       "parameter=\"rx-usecs\"} 3.0000000000000001e-06"));
}

TEST(RecordedHost, ShowsTheSettingsOfAVirtioCard) {
  const auto feature = [](const char* path, const char* stage, const std::string& name, int on) {
    return Tunable(path, stage, "features." + name, "current", "boolean", on);
  };
  EXPECT_THAT(
      PageOf("virtio-6.18"),
      testing::UnorderedElementsAre(
          Tunable("receive", "ring", "rings.rx", "max", "descriptors", 256),
          Tunable("receive", "ring", "rings.rx", "current", "descriptors", 256),
          Tunable("transmit", "ring", "rings.tx", "max", "descriptors", 256),
          Tunable("transmit", "ring", "rings.tx", "current", "descriptors", 256),
          Tunable("transmit", "ring", "rings.tx-push", "current", "boolean", 0),
          Tunable("receive", "ring", "rings.rx-push", "current", "boolean", 0),
          Tunable("receive", "ring", "channels.combined", "max", "channels", 1),
          Tunable("receive", "ring", "channels.combined", "current", "channels", 1),
          Tunable("receive", "irq", "coalesce.rx-usecs", "current", "microseconds", 0),
          Tunable("receive", "irq", "coalesce.rx-frames", "current", "packets", 1),
          Tunable("transmit", "completion", "coalesce.tx-usecs", "current", "microseconds", 0),
          Tunable("transmit", "completion", "coalesce.tx-frames", "current", "packets", 1),
          Tunable("receive", "irq", "coalesce.adaptive-rx", "current", "boolean", 0),
          feature("receive", "napi", "rx-gro", 1), feature("receive", "napi", "rx-lro", 0),
          feature("receive", "ip", "rx-checksum", 1),
          feature("transmit", "queue", "tx-tcp-segmentation", 1),
          feature("transmit", "queue", "tx-generic-segmentation", 1),
          feature("transmit", "queue", "tx-checksum-ip-generic", 1),
          feature("transmit", "queue", "tx-checksum-ipv4", 0),
          "netstack_ethtool_receive_coalesce_seconds{device=\"eth0\",parameter=\"rx-usecs\"} 0",
          "netstack_ethtool_transmit_coalesce_seconds{device=\"eth0\",parameter=\"tx-usecs\"} 0"));
  const std::vector<std::string> all = PageOf("virtio-6.18", true);
  for (const std::string& line :
       {feature("receive", "napi", "rx-gro", 1), feature("receive", "napi", "rx-gro-hw", 1),
        feature("receive", "napi", "rx-gro-list", 0),
        feature("receive", "napi", "rx-udp-gro-forwarding", 0),
        feature("receive", "backlog", "rx-hashing", 0),
        feature("transmit", "queue", "tx-tcp6-segmentation", 1),
        feature("transmit", "queue", "tx-udp-segmentation", 0),
        feature("transmit", "queue", "tx-checksum-ipv6", 0),
        feature("transmit", "queue", "tx-scatter-gather", 1)}) {
    EXPECT_THAT(all, Contains(line));
  }
}

}  // namespace
}  // namespace netstack::ethtool
