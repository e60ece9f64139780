#pragma once

#include <gtest/gtest.h>
#include <linux/ethtool_netlink.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "collectors/fixture_host.h"
#include "kernel/netlink/attribute.h"
#include "kernel/netlink/builder.h"
#include "kernel/netlink/generic.h"

namespace netstack::ethtool {

extern const CollectorDeclaration kCollector;

using Bytes = std::vector<std::byte>;

inline constexpr std::uint16_t kFamily = 30;

inline Bytes BytesOf(const NetlinkBuilder& builder) {
  return {builder.payload().begin(), builder.payload().end()};
}

inline Bytes FamilyReply() {
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

inline Bytes Ring(const std::string& device, std::uint32_t size, std::uint8_t command) {
  NetlinkBuilder builder;
  BeginGeneric(builder, command);
  const std::size_t header = builder.BeginNest(ETHTOOL_A_RINGS_HEADER);
  builder.AddText(ETHTOOL_A_HEADER_DEV_NAME, device);
  builder.EndNest(header);
  builder.AddU32(ETHTOOL_A_RINGS_RX, size);
  return BytesOf(builder);
}

// As the kernel tells of a device that came up, for one.
inline Bytes LinkNews(const std::string& device) {
  NetlinkBuilder builder;
  builder.AddHeader(ifinfomsg{});
  builder.AddText(IFLA_IFNAME, device);
  return BytesOf(builder);
}

// A reply to a question for statistics or errors: one of the group eth-mac, and one of FEC.
inline Bytes FcsErrors(std::uint64_t count) {
  NetlinkBuilder builder;
  BeginGeneric(builder, ETHTOOL_MSG_STATS_GET_REPLY);
  const std::size_t group = builder.BeginNest(ETHTOOL_A_STATS_GRP);
  builder.AddU32(ETHTOOL_A_STATS_GRP_ID, ETHTOOL_STATS_ETH_MAC);
  const std::size_t stat = builder.BeginNest(ETHTOOL_A_STATS_GRP_STAT);
  builder.AddBytes(ETHTOOL_A_STATS_ETH_MAC_6_FCS_ERR, std::as_bytes(std::span(&count, 1)));
  builder.EndNest(stat);
  builder.EndNest(group);
  return BytesOf(builder);
}
inline Bytes UncorrectableBlocks(std::uint64_t count) {
  NetlinkBuilder builder;
  BeginGeneric(builder, ETHTOOL_MSG_FEC_GET_REPLY);
  builder.AddU8(ETHTOOL_A_FEC_AUTO, 1);
  const std::size_t stats = builder.BeginNest(ETHTOOL_A_FEC_STATS);
  builder.AddBytes(ETHTOOL_A_FEC_STAT_UNCORR, std::as_bytes(std::span(&count, 1)));
  builder.EndNest(stats);
  return BytesOf(builder);
}

// A kernel whose devices have a ring for received frames, and what else a test gives eth0.
class RingKernel : public NetlinkSource {
 public:
  std::map<std::string, std::uint32_t> rings;
  std::optional<Error> sick = {};  // What eth1 answers.
  std::vector<Bytes> news;
  bool news_lost = false;
  std::vector<Bytes> link_news;           // All there ever were; each listener hears each.
  std::map<std::uint8_t, Bytes> of_eth0;  // Other replies, by command.
  std::map<std::uint8_t, int> asked;      // By command, of eth0.
  int requests = 0;                       // For rings.
  std::map<int, std::uint32_t> joined;    // By protocol.

  Result<std::unique_ptr<NetlinkPort>> Open(int) override {
    return std::unique_ptr<NetlinkPort>(std::make_unique<Port>(*this));
  }
  Result<std::unique_ptr<NetlinkListener>> Listen(int protocol, std::uint32_t group) override {
    joined[protocol] = group;
    return std::unique_ptr<NetlinkListener>(std::make_unique<Listener>(*this, protocol));
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
      if (device == "eth0") ++kernel_.asked[command];
      if (device == "eth0" && kernel_.of_eth0.contains(command)) {
        visit({.type = kFamily, .flags = 0, .payload = kernel_.of_eth0.at(command)});
        return {};
      }
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
    Listener(RingKernel& kernel, int protocol) : kernel_(kernel), protocol_(protocol) {}
    Status TakeNews(const NetlinkVisitor& visit) override {
      if (protocol_ == NETLINK_ROUTE) {
        while (links_heard_ < kernel_.link_news.size()) {
          visit({.type = RTM_NEWLINK, .flags = 0, .payload = kernel_.link_news[links_heard_++]});
        }
        return {};
      }
      for (const Bytes& message : std::exchange(kernel_.news, {})) {
        visit({.type = kFamily, .flags = 0, .payload = message});
      }
      if (!std::exchange(kernel_.news_lost, false)) return {};
      return Error{.kind = ErrorKind::kIo, .what = "no buffer space"};
    }

   private:
    RingKernel& kernel_;
    int protocol_;
    std::size_t links_heard_ = 0;
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

}  // namespace netstack::ethtool
