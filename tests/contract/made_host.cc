#include "tests/contract/made_host.h"

#include <gtest/gtest.h>
#include <linux/ethtool_netlink.h>
#include <linux/gen_stats.h>
#include <linux/if.h>
#include <linux/if_link.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <net/if_arp.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "collectors/ethtool/setting_rows.h"
#include "collectors/link/driver_fields.h"
#include "kernel/netlink/builder.h"
#include "kernel/netlink/generic.h"

namespace netstack {
namespace {

constexpr std::uint32_t kRootHandle = 0x80010000;

// What is counted of a card: all that its driver is known to fill, or all.
std::vector<std::uint64_t> LinkStatistics(std::string_view driver) {
  std::vector<std::uint64_t> stats(25, 1'000'000'007);
  if (driver == "unknown") return stats;
  const link::FieldSet filled = link::FieldsFilledBy(driver);
  for (std::size_t i = 0; i < stats.size(); ++i) {
    const auto field = static_cast<link::LinkField>(i);
    if (link::kDriverFields.Has(field) && !filled.Has(field)) stats[i] = 0;
  }
  return stats;
}

std::vector<std::byte> LinkMessage(int card, const HostSize& size) {
  ifinfomsg header = {};
  header.ifi_index = kFirstCardIndex + card;
  header.ifi_flags = IFF_UP;
  header.ifi_type = ARPHRD_ETHER;
  NetlinkBuilder builder;
  builder.AddHeader(header);
  builder.AddText(IFLA_IFNAME, MadeCardName(card));
  builder.AddU8(IFLA_CARRIER, 1);
  builder.AddU8(IFLA_OPERSTATE, 6);
  for (const int type : {IFLA_CARRIER_CHANGES, IFLA_CARRIER_UP_COUNT, IFLA_CARRIER_DOWN_COUNT,
                         IFLA_MTU, IFLA_TXQLEN, IFLA_GSO_MAX_SIZE, IFLA_GSO_MAX_SEGS}) {
    builder.AddU32(static_cast<std::uint16_t>(type), 1000);
  }
  builder.AddU32(IFLA_NUM_RX_QUEUES, static_cast<std::uint32_t>(size.queues));
  builder.AddU32(IFLA_NUM_TX_QUEUES, static_cast<std::uint32_t>(size.queues));
  builder.AddText(IFLA_PARENT_DEV_NAME, MadeCardParent(card));
  builder.AddText(IFLA_PARENT_DEV_BUS_NAME, "pci");
  const std::vector<std::uint64_t> stats = LinkStatistics(size.driver);
  builder.AddBytes(IFLA_STATS64, std::as_bytes(std::span(stats)));
  EXPECT_FALSE(builder.payload().empty());
  return {builder.payload().begin(), builder.payload().end()};
}

std::vector<std::byte> QdiscMessage(int card, const char* kind, std::uint32_t handle,
                                    std::uint32_t parent) {
  tcmsg header = {};
  header.tcm_ifindex = kFirstCardIndex + card;
  header.tcm_handle = handle;
  header.tcm_parent = parent;
  gnet_stats_basic basic = {};
  basic.bytes = 1'000'000;
  basic.packets = 1000;
  gnet_stats_queue queue = {};
  queue.drops = 3;
  NetlinkBuilder builder;
  builder.AddHeader(header);
  builder.AddText(TCA_KIND, kind);
  const bool is_leaf = parent != TC_H_ROOT;
  if (is_leaf) {
    const std::size_t options = builder.BeginNest(TCA_OPTIONS);
    builder.AddU32(TCA_FQ_CODEL_LIMIT, 10240);
    builder.AddU32(TCA_FQ_CODEL_MEMORY_LIMIT, 32 << 20);
    builder.EndNest(options);
  }
  const std::size_t stats = builder.BeginNest(TCA_STATS2);
  builder.AddBytes(TCA_STATS_BASIC, std::as_bytes(std::span(&basic, 1)));
  builder.AddBytes(TCA_STATS_QUEUE, std::as_bytes(std::span(&queue, 1)));
  const tc_fq_codel_xstats own = {};
  if (is_leaf) builder.AddBytes(TCA_STATS_APP, std::as_bytes(std::span(&own, 1)));
  builder.EndNest(stats);
  EXPECT_FALSE(builder.payload().empty());
  return {builder.payload().begin(), builder.payload().end()};
}

// Every number that ethtool has in reply to `command`, but for the channels: cards have those of
// one direction or those of both.
std::vector<std::byte> EthtoolReply(std::uint8_t command) {
  NetlinkBuilder builder;
  BeginGeneric(builder, command);
  for (const ethtool::SettingRow& row : ethtool::SettingRows()) {
    const bool is_apart = command == ETHTOOL_MSG_CHANNELS_GET &&
                          row.attribute != ETHTOOL_A_CHANNELS_COMBINED_COUNT &&
                          row.attribute != ETHTOOL_A_CHANNELS_COMBINED_MAX;
    if (row.command == command && !is_apart) builder.AddU32(row.attribute, 1);
  }
  EXPECT_FALSE(builder.payload().empty());
  return {builder.payload().begin(), builder.payload().end()};
}

}  // namespace

// The kernel's answers about links, their settings and queueing disciplines are made up; all else
// is as it was recorded.
class MadeHost::Cards : public NetlinkSource {
 public:
  Cards(NetlinkSource& others, const HostSize& size) : others_(others) {
    for (int card = 0; card < size.devices; ++card) {
      links_.push_back(LinkMessage(card, size));
      qdiscs_.push_back(QdiscMessage(card, "mq", kRootHandle, TC_H_ROOT));
      for (int queue = 1; queue <= size.queues; ++queue) {
        const std::uint32_t parent = kRootHandle + static_cast<std::uint32_t>(queue);
        qdiscs_.push_back(QdiscMessage(card, "fq_codel", 0, parent));
      }
    }
  }
  Result<std::unique_ptr<NetlinkPort>> Open(int protocol) override {
    Result<std::unique_ptr<NetlinkPort>> port = others_.Open(protocol);
    if (!port || (protocol != NETLINK_ROUTE && protocol != NETLINK_GENERIC)) return port;
    return std::unique_ptr<NetlinkPort>(std::make_unique<Port>(*this, protocol, *std::move(port)));
  }

 private:
  class Port : public NetlinkPort {
   public:
    Port(const Cards& cards, int protocol, std::unique_ptr<NetlinkPort> others)
        : cards_(cards), others_(std::move(others)) {
      if (protocol != NETLINK_GENERIC) return;
      if (const auto family = ResolveGenericFamily(*others_, "ethtool")) ethtool_ = family->id;
    }
    Status Request(std::uint16_t type, std::uint16_t flags, std::span<const std::byte> payload,
                   const NetlinkVisitor& visit, const std::function<void()>& restart) override {
      if (ethtool_ != 0) return AskGeneric(type, flags, payload, visit, restart);
      if (type == RTM_GETLINK) return Tell(RTM_NEWLINK, cards_.links_, visit);
      if (type == RTM_GETQDISC) return Tell(RTM_NEWQDISC, cards_.qdiscs_, visit);
      return others_->Request(type, flags, payload, visit, restart);
    }

   private:
    Status AskGeneric(std::uint16_t type, std::uint16_t flags, std::span<const std::byte> payload,
                      const NetlinkVisitor& visit, const std::function<void()>& restart) {
      std::uint8_t command = 0;
      std::span<const std::byte> attributes;
      const bool has_numbers =
          type == ethtool_ && SplitGeneric(payload, command, attributes) &&
          std::ranges::find(ethtool::SettingRows(), command, &ethtool::SettingRow::command) !=
              ethtool::SettingRows().end();
      if (!has_numbers) return others_->Request(type, flags, payload, visit, restart);
      return Tell(type, {EthtoolReply(command)}, visit);
    }
    static Status Tell(std::uint16_t type, const std::vector<std::vector<std::byte>>& messages,
                       const NetlinkVisitor& visit) {
      for (const auto& payload : messages) visit({.type = type, .flags = 0, .payload = payload});
      return {};
    }
    const Cards& cards_;
    std::unique_ptr<NetlinkPort> others_;
    std::uint16_t ethtool_ = 0;  // The family's number, on a port for such.
  };
  NetlinkSource& others_;
  std::vector<std::vector<std::byte>> links_;
  std::vector<std::vector<std::byte>> qdiscs_;
};

MadeHost::MadeHost(const HostSize& size) {
  std::string name = testing::TempDir() + "netstack_made_host.XXXXXX";
  directory_ = mkdtemp(name.data());
  using std::filesystem::copy_options;
  std::filesystem::copy(NETSTACK_SOURCE_DIR "/tests/hosts/linux-7.3", directory_,
                        copy_options::recursive | copy_options::copy_symlinks);
  WriteCardFiles(directory_, size);
  replay_ = std::move(*HostReplay::Open(directory_));
  cards_ = std::make_unique<Cards>(replay_->kernel().netlink, size);
}

MadeHost::~MadeHost() {
  std::filesystem::remove_all(directory_);
}

Kernel MadeHost::kernel() const {
  return {.roots = replay_->kernel().roots, .netlink = *cards_};
}

}  // namespace netstack
