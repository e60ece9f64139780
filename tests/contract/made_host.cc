#include "tests/contract/made_host.h"

#include <gtest/gtest.h>
#include <linux/gen_stats.h>
#include <linux/if.h>
#include <linux/if_link.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <net/if_arp.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "kernel/netlink/builder.h"

namespace netstack {
namespace {

constexpr std::uint32_t kRootHandle = 0x80010000;

std::vector<std::byte> LinkMessage(int card, int queues) {
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
  builder.AddU32(IFLA_NUM_RX_QUEUES, static_cast<std::uint32_t>(queues));
  builder.AddU32(IFLA_NUM_TX_QUEUES, static_cast<std::uint32_t>(queues));
  builder.AddText(IFLA_PARENT_DEV_NAME, MadeCardParent(card));
  builder.AddText(IFLA_PARENT_DEV_BUS_NAME, "pci");
  const std::vector<std::uint64_t> stats(25, 1'000'000'007);
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
  const std::size_t stats = builder.BeginNest(TCA_STATS2);
  builder.AddBytes(TCA_STATS_BASIC, std::as_bytes(std::span(&basic, 1)));
  builder.AddBytes(TCA_STATS_QUEUE, std::as_bytes(std::span(&queue, 1)));
  builder.EndNest(stats);
  EXPECT_FALSE(builder.payload().empty());
  return {builder.payload().begin(), builder.payload().end()};
}

}  // namespace

// The kernel's answers about links and queueing disciplines are made up; all else is as it was
// recorded.
class MadeHost::Cards : public NetlinkSource {
 public:
  Cards(NetlinkSource& others, const HostSize& size) : others_(others) {
    for (int card = 0; card < size.devices; ++card) {
      links_.push_back(LinkMessage(card, size.queues));
      qdiscs_.push_back(QdiscMessage(card, "mq", kRootHandle, TC_H_ROOT));
      for (int queue = 1; queue <= size.queues; ++queue) {
        const std::uint32_t parent = kRootHandle + static_cast<std::uint32_t>(queue);
        qdiscs_.push_back(QdiscMessage(card, "fq_codel", 0, parent));
      }
    }
  }
  Result<std::unique_ptr<NetlinkPort>> Open(int protocol) override {
    Result<std::unique_ptr<NetlinkPort>> port = others_.Open(protocol);
    if (!port || protocol != NETLINK_ROUTE) return port;
    return std::unique_ptr<NetlinkPort>(std::make_unique<Port>(*this, *std::move(port)));
  }

 private:
  class Port : public NetlinkPort {
   public:
    Port(const Cards& cards, std::unique_ptr<NetlinkPort> others)
        : cards_(cards), others_(std::move(others)) {}
    Status Request(std::uint16_t type, std::uint16_t flags, std::span<const std::byte> payload,
                   const NetlinkVisitor& visit, const std::function<void()>& restart) override {
      if (type == RTM_GETLINK) return Tell(RTM_NEWLINK, cards_.links_, visit);
      if (type == RTM_GETQDISC) return Tell(RTM_NEWQDISC, cards_.qdiscs_, visit);
      return others_->Request(type, flags, payload, visit, restart);
    }

   private:
    static Status Tell(std::uint16_t type, const std::vector<std::vector<std::byte>>& messages,
                       const NetlinkVisitor& visit) {
      for (const auto& payload : messages) visit({.type = type, .flags = 0, .payload = payload});
      return {};
    }
    const Cards& cards_;
    std::unique_ptr<NetlinkPort> others_;
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
