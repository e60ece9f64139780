#pragma once

#include <gtest/gtest.h>
#include <linux/gen_stats.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "collectors/collector.h"
#include "collectors/device_policy.h"
#include "collectors/fixture_host.h"
#include "collectors/qdisc/families.h"
#include "kernel/netlink/attribute.h"
#include "kernel/netlink/builder.h"

// A host whose devices and qdiscs a test makes up.
namespace netstack::qdisc {

extern const CollectorDeclaration kCollector;

using Bytes = std::vector<std::byte>;

template <class T>
Bytes BytesOf(const T& value) {
  const auto bytes = std::as_bytes(std::span(&value, 1));
  return {bytes.begin(), bytes.end()};
}

// A qdisc as a test describes it.
struct Made {
  int device = 2;
  std::uint32_t handle = 0;
  std::uint32_t parent = TC_H_ROOT;
  std::string kind = "pfifo_fast";
  std::uint64_t bytes = 0;
  std::uint32_t packets = 0;
  gnet_stats_queue queue = {};
  Bytes options = {};
  Bytes own = {};
};

inline Bytes Payload(const NetlinkBuilder& builder) {
  EXPECT_FALSE(builder.payload().empty());
  return {builder.payload().begin(), builder.payload().end()};
}

inline Bytes Message(const Made& made) {
  NetlinkBuilder builder;
  tcmsg header = {};
  header.tcm_ifindex = made.device;
  header.tcm_handle = made.handle;
  header.tcm_parent = made.parent;
  builder.AddHeader(header);
  builder.AddText(TCA_KIND, made.kind);
  if (!made.options.empty()) builder.AddBytes(TCA_OPTIONS, made.options);
  const std::size_t nest = builder.BeginNest(TCA_STATS2);
  gnet_stats_basic basic = {};
  basic.bytes = made.bytes;
  basic.packets = made.packets;
  builder.AddBytes(TCA_STATS_BASIC, BytesOf(basic));
  builder.AddBytes(TCA_STATS_QUEUE, BytesOf(made.queue));
  if (!made.own.empty()) builder.AddBytes(TCA_STATS_APP, made.own);
  builder.EndNest(nest);
  return Payload(builder);
}

struct MadeDevice {
  int index = 2;
  std::string name = "eth0";
  std::string kind = {};
  std::uint32_t queue_length = 1000;
};

inline Bytes Message(const MadeDevice& made) {
  NetlinkBuilder builder;
  ifinfomsg header = {};
  header.ifi_index = made.index;
  builder.AddHeader(header);
  builder.AddText(IFLA_IFNAME, made.name);
  builder.AddU32(IFLA_TXQLEN, made.queue_length);
  if (!made.kind.empty()) {
    const std::size_t nest = builder.BeginNest(IFLA_LINKINFO);
    builder.AddText(IFLA_INFO_KIND, made.kind);
    builder.EndNest(nest);
  }
  return Payload(builder);
}

// A kernel with what a test gives it.
class MadeKernel : public NetlinkSource {
 public:
  std::vector<Bytes> devices = {Message(MadeDevice{})};
  std::vector<Bytes> qdiscs;
  std::vector<Bytes> classes;
  std::set<std::uint32_t> filters;  // Parents of clsact that have some: TC_H_MIN_INGRESS, ...
  int questions_for_filters = 0;
  std::optional<Error> failure = {};
  std::optional<Error> failure_of_filters = {};

  Result<std::unique_ptr<NetlinkPort>> Open(int) override {
    return std::unique_ptr<NetlinkPort>(std::make_unique<Port>(*this));
  }

 private:
  class Port : public NetlinkPort {
   public:
    explicit Port(MadeKernel& kernel) : kernel_(kernel) {}
    Status Request(std::uint16_t type, std::uint16_t, std::span<const std::byte> payload,
                   const NetlinkVisitor& visit, const std::function<void()>&) override {
      if (kernel_.failure) return *kernel_.failure;
      tcmsg header = {};
      EXPECT_TRUE(type == RTM_GETLINK || ReadHeader(payload, header));
      if (type == RTM_GETTFILTER) {
        ++kernel_.questions_for_filters;
        if (kernel_.failure_of_filters) return *kernel_.failure_of_filters;
        if (kernel_.filters.contains(TC_H_MIN(header.tcm_parent))) {
          visit({.type = RTM_NEWTFILTER, .flags = 0, .payload = payload});
        }
        return {};
      }
      if (type == RTM_GETTCLASS) {
        for (const Bytes& message : kernel_.classes) {
          visit({.type = RTM_NEWTCLASS, .flags = 0, .payload = message});
        }
        return {};
      }
      const bool links = type == RTM_GETLINK;
      for (const Bytes& message : links ? kernel_.devices : kernel_.qdiscs) {
        visit({.type = static_cast<std::uint16_t>(links ? RTM_NEWLINK : RTM_NEWQDISC),
               .flags = 0,
               .payload = message});
      }
      return {};
    }

   private:
    MadeKernel& kernel_;
  };
};

class QdiscTest : public testing::Test {
 protected:
  void Have(const std::vector<Made>& qdiscs) {
    netlink_.qdiscs.clear();
    for (const Made& qdisc : qdiscs) netlink_.qdiscs.push_back(Message(qdisc));
  }
  Outcome Collect() {
    if (collector_ == nullptr) collector_ = kCollector.create({kernel_, options_, policy_});
    samples_.Clear();
    Outcome outcome = collector_->Collect(samples_);
    EXPECT_EQ(samples_.undeclared(), 0u);
    return outcome;
  }
  // The samples of one family by their label values, joined by blanks, with a mark for visibility.
  std::map<std::string, double> Of(FamilyIndex family) const {
    std::map<std::string, double> out;
    samples_.ForEach(family, [&](const Samples::View& view) {
      std::string key;
      view.ForEachLabel([&](std::size_t, std::string_view value) {
        if (!value.empty()) key += (key.empty() ? "" : " ") + std::string(value);
      });
      if (view.visibility() == Visibility::kHidden) key += " hidden";
      if (view.visibility() == Visibility::kPathOnly) key += " path only";
      if (view.visibility() == Visibility::kOffPath) key += " off path";
      EXPECT_TRUE(out.emplace(key, view.value().AsDouble()).second) << "twice: " << key;
    });
    return out;
  }

  MadeKernel netlink_;
  Kernel kernel_{.roots = {}, .netlink = netlink_};
  OptionValues options_{kCollector.options};
  DevicePolicy policy_;
  std::unique_ptr<Collector> collector_;
  Samples samples_{kFamilies};
};

}  // namespace netstack::qdisc
