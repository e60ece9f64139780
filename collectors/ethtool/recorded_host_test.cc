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
std::vector<std::string> PageOf(const std::string& fixture, bool with_all = false,
                                const std::string& tier = "extended") {
  const std::string directory =
      std::string(NETSTACK_SOURCE_DIR) + "/collectors/ethtool/fixtures/" + fixture;
  const auto host = HostReplay::Open(directory);
  if (!host) {
    ADD_FAILURE() << host.error().Describe();
    return {};
  }
  const Kernel kernel = (*host)->kernel();
  OptionValues options(kCollector.options);
  EXPECT_EQ(options.Set("all-offloads", with_all ? "true" : "false"), "");
  EXPECT_EQ(options.Set("frame-sizes", with_all ? "true" : "false"), "");
  EXPECT_EQ(options.Set("tier", tier), "");
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

TEST(RecordedHost, ShowsEverySettingThatADriverCanHave) {
  EXPECT_EQ(TunablesOf("netdevsim-6.1", "eth0"),
            (std::map<std::string, int>{{"rings.rx max", 4096},
                                        {"rings.rx current", 512},
                                        {"rings.rx-mini max", 4096},
                                        {"rings.rx-mini current", 128},
                                        {"rings.rx-jumbo max", 4096},
                                        {"rings.rx-jumbo current", 256},
                                        {"rings.tx max", 4096},
                                        {"rings.tx current", 1024},
                                        {"rings.tx-push current", 0},
                                        {"channels.combined max", 4},
                                        {"channels.combined current", 2},
                                        {"coalesce.rx-usecs current", 11},
                                        {"coalesce.rx-frames current", 12},
                                        {"coalesce.rx-usecs-irq current", 13},
                                        {"coalesce.rx-frames-irq current", 14},
                                        {"coalesce.tx-usecs current", 15},
                                        {"coalesce.tx-frames current", 16},
                                        {"coalesce.tx-usecs-irq current", 17},
                                        {"coalesce.tx-frames-irq current", 18},
                                        {"coalesce.stats-block-usecs current", 19},
                                        {"coalesce.pkt-rate-low current", 20},
                                        {"coalesce.rx-usecs-low current", 21},
                                        {"coalesce.rx-frames-low current", 22},
                                        {"coalesce.tx-usecs-low current", 23},
                                        {"coalesce.tx-frames-low current", 24},
                                        {"coalesce.pkt-rate-high current", 25},
                                        {"coalesce.rx-usecs-high current", 26},
                                        {"coalesce.rx-frames-high current", 27},
                                        {"coalesce.tx-usecs-high current", 28},
                                        {"coalesce.tx-frames-high current", 29},
                                        {"coalesce.sample-interval current", 30},
                                        {"coalesce.adaptive-rx current", 1},
                                        {"coalesce.adaptive-tx current", 0},
                                        {"coalesce.cqe-mode-rx current", 0},
                                        {"coalesce.cqe-mode-tx current", 0},
                                        {"pause.autoneg current", 0},
                                        {"pause.rx current", 1},
                                        {"pause.tx current", 0}}));
}

// "family labels value" of what is no setting, without the device.
std::vector<std::string> CountersOf(const std::string& fixture) {
  std::vector<std::string> lines;
  for (std::string line : PageOf(fixture, true)) {
    if (line.starts_with("netstack_tunable{") || line.find("coalesce") != std::string::npos) {
      continue;
    }
    line.erase(0, std::string_view("netstack_ethtool_").size());
    const std::string_view device = "{device=\"eth0\"";
    line.replace(line.find(device), device.size(), " ");
    line.erase(line.find('}'), 1);
    lines.push_back(line);
  }
  return lines;
}

TEST(RecordedHost, ShowsEveryErrorAndFrameThatAPortCanCount) {
  EXPECT_THAT(
      CountersOf("netdevsim-6.1"),
      testing::UnorderedElementsAre(
          "pause_frames_received_total  1", "pause_frames_sent_total  2",
          "fec_corrected_blocks_total  1001", "fec_uncorrectable_blocks_total  23",
          "fec_bit_errors_corrected_total  100003",
          "fec_info ,active=\"baser\",configured=\"rs,baser\" 1",
          "driver_info ,driver=\"netdevsim\",version=\"6.1.0-50-amd64\",firmware=\"1.2 (made)\" 1",
          "receive_errors_total ,error=\"symbol\" 21", "receive_errors_total ,error=\"fcs\" 105",
          "receive_errors_total ,error=\"alignment\" 106",
          "receive_errors_total ,error=\"internal_mac\" 114",
          "receive_errors_total ,error=\"in_range_length\" 120",
          "receive_errors_total ,error=\"out_of_range_length\" 121",
          "receive_errors_total ,error=\"too_long\" 122",
          "receive_errors_total ,error=\"undersize\" 41",
          "receive_errors_total ,error=\"oversize\" 42",
          "receive_errors_total ,error=\"fragment\" 43",
          "receive_errors_total ,error=\"jabber\" 44",
          "transmit_errors_total ,error=\"late_collision\" 109",
          "transmit_errors_total ,error=\"excessive_collisions\" 110",
          "transmit_errors_total ,error=\"internal_mac\" 111",
          "transmit_errors_total ,error=\"carrier_sense\" 112",
          "transmit_errors_total ,error=\"excessive_deferral\" 117",
          "transmit_delays_total ,cause=\"single_collision\" 102",
          "transmit_delays_total ,cause=\"multiple_collision\" 103",
          "transmit_delays_total ,cause=\"deferred\" 108",
          "mac_frames_total ,direction=\"transmit\" 101",
          "mac_frames_total ,direction=\"receive\" 104",
          "mac_bytes_total ,direction=\"transmit\" 107",
          "mac_bytes_total ,direction=\"receive\" 113",
          "mac_group_frames_total ,direction=\"transmit\",kind=\"multicast\" 115",
          "mac_group_frames_total ,direction=\"transmit\",kind=\"broadcast\" 116",
          "mac_group_frames_total ,direction=\"receive\",kind=\"multicast\" 118",
          "mac_group_frames_total ,direction=\"receive\",kind=\"broadcast\" 119",
          "control_frames_received_total  32", "control_frames_sent_total  31",
          "control_frames_unsupported_total  33",
          "frames_by_size_total ,direction=\"receive\",bytes=\"0-64\" 51",
          "frames_by_size_total ,direction=\"receive\",bytes=\"65-127\" 52",
          "frames_by_size_total ,direction=\"receive\",bytes=\"128-9216\" 53",
          "frames_by_size_total ,direction=\"transmit\",bytes=\"0-64\" 61",
          "frames_by_size_total ,direction=\"transmit\",bytes=\"65-127\" 62",
          "frames_by_size_total ,direction=\"transmit\",bytes=\"128-9216\" 63"));
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
  EXPECT_THAT(
      PageOf("virtio-6.18", false, "core"),
      testing::UnorderedElementsAre(
          Tunable("receive", "ring", "rings.rx", "max", "descriptors", 256),
          Tunable("receive", "ring", "rings.rx", "current", "descriptors", 256),
          Tunable("transmit", "ring", "rings.tx", "max", "descriptors", 256),
          Tunable("transmit", "ring", "rings.tx", "current", "descriptors", 256),
          Tunable("receive", "ring", "channels.combined", "max", "channels", 1),
          Tunable("receive", "irq", "coalesce.rx-usecs", "current", "microseconds", 0),
          Tunable("transmit", "completion", "coalesce.tx-usecs", "current", "microseconds", 0),
          Tunable("receive", "irq", "coalesce.adaptive-rx", "current", "boolean", 0)));
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
