#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/ethtool_netlink.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "collectors/fixture_host.h"
#include "kernel/netlink/attribute.h"
#include "kernel/netlink/builder.h"
#include "kernel/netlink/generic.h"
#include "kernel/record/host_replay.h"

namespace netstack::ethtool {

extern const CollectorDeclaration kCollector;

namespace {

using Bytes = std::vector<std::byte>;
using testing::Contains;
using testing::ElementsAre;
using testing::Not;
using testing::StartsWith;

constexpr std::uint16_t kFamily = 30;

Bytes BytesOf(const NetlinkBuilder& builder) {
  return {builder.payload().begin(), builder.payload().end()};
}

Bytes FamilyReply() {
  NetlinkBuilder builder;
  BeginGeneric(builder, CTRL_CMD_NEWFAMILY);
  builder.AddU16(CTRL_ATTR_FAMILY_ID, kFamily);
  const std::size_t groups = builder.BeginNest(CTRL_ATTR_MCAST_GROUPS);
  const std::size_t group = builder.BeginNest(1);
  builder.AddText(CTRL_ATTR_MCAST_GRP_NAME, "monitor");
  builder.AddU32(CTRL_ATTR_MCAST_GRP_ID, 7);
  builder.EndNest(group);
  builder.EndNest(groups);
  return BytesOf(builder);
}

Bytes Ring(const std::string& device, std::uint32_t size, std::uint8_t command) {
  NetlinkBuilder builder;
  BeginGeneric(builder, command);
  const std::size_t header = builder.BeginNest(ETHTOOL_A_RINGS_HEADER);
  builder.AddText(ETHTOOL_A_HEADER_DEV_NAME, device);
  builder.EndNest(header);
  builder.AddU32(ETHTOOL_A_RINGS_RX, size);
  return BytesOf(builder);
}

// A kernel whose devices have a ring for received frames, and no other setting.
class RingKernel : public NetlinkSource {
 public:
  std::map<std::string, std::uint32_t> rings;
  std::optional<Error> sick = {};  // What eth1 answers.
  std::vector<Bytes> news;
  bool news_lost = false;
  int requests = 0;  // For rings.
  std::uint32_t joined = 0;

  Result<std::unique_ptr<NetlinkPort>> Open(int) override {
    return std::unique_ptr<NetlinkPort>(std::make_unique<Port>(*this));
  }
  Result<std::unique_ptr<NetlinkListener>> Listen(int, std::uint32_t group) override {
    joined = group;
    return std::unique_ptr<NetlinkListener>(std::make_unique<Listener>(*this));
  }

 private:
  class Port : public NetlinkPort {
   public:
    explicit Port(RingKernel& kernel) : kernel_(kernel) {}
    Status Request(std::uint16_t type, std::uint16_t, std::span<const std::byte> payload,
                   const NetlinkVisitor& visit, const std::function<void()>&) override {
      if (type == GENL_ID_CTRL) {
        visit({.type = type, .flags = 0, .payload = FamilyReply()});
        return {};
      }
      EXPECT_EQ(type, kFamily);
      std::uint8_t command = 0;
      std::span<const std::byte> bytes;
      EXPECT_TRUE(SplitGeneric(payload, command, bytes));
      NetlinkAttributes attributes(bytes);
      NetlinkAttribute header;
      EXPECT_TRUE(attributes.Next(header));
      NetlinkAttributes parts(header.data);
      NetlinkAttribute name;
      EXPECT_TRUE(parts.Next(name));
      const std::string device(name.Text());
      if (command != ETHTOOL_MSG_RINGS_GET) {
        return Error{.kind = ErrorKind::kUnsupported, .what = "not supported"};
      }
      ++kernel_.requests;
      if (device == "eth1" && kernel_.sick) return *kernel_.sick;
      visit({.type = kFamily,
             .flags = 0,
             .payload = Ring(device, kernel_.rings[device], ETHTOOL_MSG_RINGS_GET_REPLY)});
      return {};
    }

   private:
    RingKernel& kernel_;
  };
  class Listener : public NetlinkListener {
   public:
    explicit Listener(RingKernel& kernel) : kernel_(kernel) {}
    Status TakeNews(const NetlinkVisitor& visit) override {
      for (const Bytes& message : std::exchange(kernel_.news, {})) {
        visit({.type = kFamily, .flags = 0, .payload = message});
      }
      if (!std::exchange(kernel_.news_lost, false)) return {};
      return Error{.kind = ErrorKind::kIo, .what = "no buffer space"};
    }

   private:
    RingKernel& kernel_;
  };
};

// Devices eth0 and eth1 with hardware behind them, and lo without.
class EthtoolTest : public testing::Test {
 protected:
  EthtoolTest() {
    std::string name = testing::TempDir() + "netstack_ethtool_test.XXXXXX";
    root_ = mkdtemp(name.data());
    AddDevice("lo", 1);
    AddDevice("eth0", 2);
    AddDevice("eth1", 3);
    std::filesystem::create_symlink("../../../0000:00:03.0", Net("eth0") / "device");
    std::filesystem::create_symlink("../../../0000:00:04.0", Net("eth1") / "device");
    netlink_.rings = {{"eth0", 256}, {"eth1", 512}};
  }
  ~EthtoolTest() override { std::filesystem::remove_all(root_); }

  std::filesystem::path Net(const std::string& device) const {
    return root_ / "sys/class/net" / device;
  }
  void AddDevice(const std::string& device, int index) const {
    std::filesystem::create_directories(Net(device));
    std::ofstream(Net(device) / "ifindex") << index << "\n";
  }
  Outcome Collect() {
    if (collector_ == nullptr) {
      kernel_.emplace(
          Kernel{.roots = {.procfs = root_ / "proc", .sysfs = root_ / "sys", .rootfs = root_},
                 .netlink = netlink_});
      collector_ = kCollector.create({*kernel_, options_, policy_});
    }
    samples_.Clear();
    Outcome outcome = collector_->Collect(samples_);
    EXPECT_EQ(samples_.undeclared(), 0u);
    return outcome;
  }
  // The sizes of the rings on the page, by device.
  std::map<std::string, std::uint64_t> Rings() const {
    std::map<std::string, std::uint64_t> rings;
    samples_.ForEach(0, [&](const Samples::View& sample) {
      EXPECT_EQ(sample.Label(2), "ethtool.rings.rx");
      rings[std::string(sample.Label(3))] = sample.value().integer;
    });
    return rings;
  }

  using Sizes = std::map<std::string, std::uint64_t>;
  std::filesystem::path root_;
  RingKernel netlink_;
  std::optional<Kernel> kernel_;
  OptionValues options_{kCollector.options};
  DevicePolicy policy_;
  std::unique_ptr<Collector> collector_;
  Samples samples_{kCollector.families};
};

TEST_F(EthtoolTest, ReadsTheSettingsOfHardwareOnceAndListensForChanges) {
  EXPECT_EQ(Collect().state, CollectorState::kOk);
  EXPECT_EQ(Rings(), (Sizes{{"eth0", 256}, {"eth1", 512}}));
  EXPECT_EQ(netlink_.joined, 7u);
  EXPECT_EQ(netlink_.requests, 2);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Collect().state, CollectorState::kOk);
  EXPECT_EQ(Rings(), (Sizes{{"eth0", 256}, {"eth1", 512}}));
  EXPECT_EQ(netlink_.requests, 2);
}

TEST_F(EthtoolTest, ReadsADeviceAgainWhenTheKernelTellsOfAChange) {
  Collect();
  netlink_.rings["eth1"] = 1024;
  netlink_.news.push_back(Ring("eth1", 1024, ETHTOOL_MSG_RINGS_NTF));
  Collect();
  EXPECT_EQ(Rings(), (Sizes{{"eth0", 256}, {"eth1", 1024}}));
  EXPECT_EQ(netlink_.requests, 3) << "eth0 did not change";
}

TEST_F(EthtoolTest, ReadsAllDevicesAgainWhenNewsWereLost) {
  Collect();
  netlink_.rings = {{"eth0", 64}, {"eth1", 128}};
  netlink_.news_lost = true;
  Collect();
  EXPECT_EQ(Rings(), (Sizes{{"eth0", 64}, {"eth1", 128}}));
}

TEST_F(EthtoolTest, ReadsAgainWhatIsOlderThanTheMaximumAge) {
  ASSERT_EQ(options_.Set("settings-max-age", "0"), "");
  Collect();
  netlink_.rings["eth0"] = 300;
  Collect();
  EXPECT_EQ(Rings(), (Sizes{{"eth0", 300}, {"eth1", 512}}));
}

TEST_F(EthtoolTest, KeepsTheOtherDevicesAndTheLastSettingsOfASickOne) {
  Collect();
  netlink_.sick = Error{.kind = ErrorKind::kIo, .path = "netlink generic", .what = "broken"};
  netlink_.news_lost = true;
  netlink_.rings["eth0"] = 64;
  const Outcome outcome = Collect();
  EXPECT_EQ(outcome.state, CollectorState::kPartial);
  ASSERT_TRUE(outcome.error);
  EXPECT_EQ(outcome.error->Describe(), "netlink generic ethtool eth1: broken");
  EXPECT_EQ(Rings(), (Sizes{{"eth0", 64}, {"eth1", 512}}));
  netlink_.sick.reset();
  netlink_.rings["eth1"] = 32;
  EXPECT_EQ(Collect().state, CollectorState::kOk);
  EXPECT_EQ(Rings(), (Sizes{{"eth0", 64}, {"eth1", 32}}));
}

TEST_F(EthtoolTest, ShowsNoDeviceThatCouldNeverBeRead) {
  netlink_.sick = Error{.kind = ErrorKind::kIo, .what = "broken"};
  EXPECT_EQ(Collect().state, CollectorState::kPartial);
  EXPECT_EQ(Rings(), (Sizes{{"eth0", 256}}));
}

TEST_F(EthtoolTest, ReadsADeviceThatTookTheNameOfAnother) {
  Collect();
  AddDevice("eth0", 9);
  netlink_.rings["eth0"] = 2048;
  Collect();
  EXPECT_EQ(Rings(), (Sizes{{"eth0", 2048}, {"eth1", 512}}));
}

TEST_F(EthtoolTest, ForgetsADeviceThatIsGone) {
  Collect();
  std::filesystem::remove_all(Net("eth0"));
  EXPECT_EQ(Collect().state, CollectorState::kOk);
  EXPECT_EQ(Rings(), (Sizes{{"eth1", 512}}));
}

TEST_F(EthtoolTest, LeavesOutWhatIsExcluded) {
  ASSERT_EQ(options_.Set("device-exclude", "eth1"), "");
  Collect();
  EXPECT_EQ(Rings(), (Sizes{{"eth0", 256}}));
}

TEST_F(EthtoolTest, IsAbsentWithoutSysfs) {
  std::filesystem::remove_all(root_ / "sys");
  EXPECT_EQ(Collect().state, CollectorState::kAbsent);
}

// The page of a recorded host; the last number of an age is the clock's.
std::vector<std::string> PageOf(const std::string& fixture) {
  const std::string directory =
      std::string(NETSTACK_SOURCE_DIR) + "/collectors/ethtool/fixtures/" + fixture;
  const auto host = HostReplay::Open(directory);
  if (!host) {
    ADD_FAILURE() << host.error().Describe();
    return {};
  }
  const Kernel kernel = (*host)->kernel();
  const OptionValues options(kCollector.options);
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
          feature("receive", "napi", "rx-gro", 1), feature("receive", "napi", "rx-gro-hw", 1),
          feature("receive", "napi", "rx-gro-list", 0),
          feature("receive", "napi", "rx-udp-gro-forwarding", 0),
          feature("receive", "napi", "rx-lro", 0), feature("receive", "ip", "rx-checksum", 1),
          feature("receive", "backlog", "rx-hashing", 0),
          feature("transmit", "queue", "tx-tcp-segmentation", 1),
          feature("transmit", "queue", "tx-tcp6-segmentation", 1),
          feature("transmit", "queue", "tx-generic-segmentation", 1),
          feature("transmit", "queue", "tx-udp-segmentation", 0),
          feature("transmit", "queue", "tx-checksum-ip-generic", 1),
          feature("transmit", "queue", "tx-checksum-ipv4", 0),
          feature("transmit", "queue", "tx-checksum-ipv6", 0),
          feature("transmit", "queue", "tx-scatter-gather", 1),
          "netstack_ethtool_receive_coalesce_seconds{device=\"eth0\",parameter=\"rx-usecs\"} 0",
          "netstack_ethtool_transmit_coalesce_seconds{device=\"eth0\",parameter=\"tx-usecs\"} 0"));
}

}  // namespace
}  // namespace netstack::ethtool
