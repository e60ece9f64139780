#pragma once

#include <gtest/gtest.h>
#include <linux/if.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if_arp.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "collectors/collector.h"
#include "collectors/device_policy.h"
#include "collectors/link/families.h"
#include "kernel/netlink/builder.h"

// A host whose devices and sysfs a test makes up.
namespace netstack::link {

extern const CollectorDeclaration kCollector;

using Lines = std::set<std::string>;

// A device as a test describes it.
struct Made {
  int index = 2;
  std::string name = "eth0";
  std::string kind = {};
  std::string parent = {};
  unsigned flags = IFF_UP;
  std::uint32_t carrier_changes = 2;
  std::uint32_t lower = 0;
  std::uint32_t master = 0;
  bool lower_in_other_netns = false;
  std::map<LinkField, std::uint64_t> stats = {};
  std::size_t fields = kLinkFields;
};

inline std::vector<std::byte> Message(const Made& made) {
  ifinfomsg header = {};
  header.ifi_index = made.index;
  header.ifi_flags = made.flags;
  header.ifi_type = made.name == "lo" ? ARPHRD_LOOPBACK : ARPHRD_ETHER;
  NetlinkBuilder builder;
  builder.AddHeader(header);
  builder.AddText(IFLA_IFNAME, made.name);
  builder.AddU8(IFLA_CARRIER, 1);
  builder.AddU32(IFLA_CARRIER_CHANGES, made.carrier_changes);
  if (made.lower != 0) builder.AddU32(IFLA_LINK, made.lower);
  if (made.master != 0) builder.AddU32(IFLA_MASTER, made.master);
  if (made.lower_in_other_netns) builder.AddU32(IFLA_LINK_NETNSID, 0);
  if (!made.parent.empty()) builder.AddText(IFLA_PARENT_DEV_NAME, made.parent);
  if (!made.parent.empty()) builder.AddText(IFLA_PARENT_DEV_BUS_NAME, "pci");
  if (!made.kind.empty()) {
    const std::size_t nest = builder.BeginNest(IFLA_LINKINFO);
    builder.AddText(IFLA_INFO_KIND, made.kind);
    builder.EndNest(nest);
  }
  std::vector<std::uint64_t> stats(made.fields);
  for (const auto& [field, value] : made.stats) stats[static_cast<std::size_t>(field)] = value;
  builder.AddBytes(IFLA_STATS64, std::as_bytes(std::span(stats)));
  EXPECT_FALSE(builder.payload().empty());
  return {builder.payload().begin(), builder.payload().end()};
}

// A kernel with the devices that a test gives it.
class MadeKernel : public NetlinkSource {
 public:
  std::vector<std::vector<std::byte>> messages;
  bool interrupt = false;  // Tell half of it, then all.
  std::optional<Error> failure = {};

  Result<std::unique_ptr<NetlinkPort>> Open(int) override {
    return std::unique_ptr<NetlinkPort>(std::make_unique<Port>(*this));
  }

 private:
  class Port : public NetlinkPort {
   public:
    explicit Port(MadeKernel& kernel) : kernel_(kernel) {}
    Status Request(std::uint16_t, std::uint16_t, std::span<const std::byte>,
                   const NetlinkVisitor& visit, const std::function<void()>& restart) override {
      if (kernel_.failure) return *kernel_.failure;
      if (kernel_.interrupt) {
        visit({.type = RTM_NEWLINK, .flags = 0, .payload = kernel_.messages.front()});
        restart();
      }
      for (const auto& message : kernel_.messages) {
        visit({.type = RTM_NEWLINK, .flags = 0, .payload = message});
      }
      return {};
    }

   private:
    MadeKernel& kernel_;
  };
};

// All samples, as "family{values} number" without netstack_link_, and a mark for visibility.
inline Lines Written(const Samples& samples) {
  Lines lines;
  for (std::size_t i = 0; i < kFamilies.size(); ++i) {
    samples.ForEach(i, [&](const Samples::View& view) {
      std::string line(kFamilies[i].name.substr(std::string_view("netstack_link_").size()));
      char separator = '{';
      view.ForEachLabel([&](std::size_t, std::string_view value) {
        line += separator + std::string(value);
        separator = ',';
      });
      line += "} " + std::to_string(view.value().integer);
      if (view.visibility() == Visibility::kHidden) line += " hidden";
      if (view.visibility() == Visibility::kPathOnly) line += " path only";
      if (view.visibility() == Visibility::kOffPath) line += " off path";
      EXPECT_TRUE(lines.insert(line).second) << "twice: " << line;
    });
  }
  EXPECT_EQ(samples.undeclared(), 0u);
  return lines;
}

class LinkTest : public testing::Test {
 protected:
  LinkTest() {
    std::string name = testing::TempDir() + "netstack_link_test.XXXXXX";
    root_ = mkdtemp(name.data());
    roots_ = {.procfs = root_ / "proc", .sysfs = root_ / "sys", .rootfs = root_};
  }
  ~LinkTest() override { std::filesystem::remove_all(root_); }

  void Put(const std::string& below, const std::string& text) {
    std::filesystem::create_directories((root_ / below).parent_path());
    std::ofstream(root_ / below) << text;
  }
  void PutLink(const std::string& below, const std::string& target) {
    std::filesystem::create_directories((root_ / below).parent_path());
    std::filesystem::create_symlink(target, root_ / below);
  }
  void PutSpeed(const std::string& device, int index, const std::string& speed) {
    Put("sys/class/net/" + device + "/ifindex", std::to_string(index) + "\n");
    Put("sys/class/net/" + device + "/speed", speed + "\n");
  }

  void Have(const std::vector<Made>& devices) {
    netlink_.messages.clear();
    for (const Made& device : devices) netlink_.messages.push_back(Message(device));
  }
  Outcome Collect() {
    if (collector_ == nullptr) {
      kernel_.emplace(Kernel{.roots = roots_, .netlink = netlink_});
      collector_ = kCollector.create({*kernel_, options_, policy_});
    }
    samples_.Clear();
    return collector_->Collect(samples_);
  }
  Lines Page() {
    const Outcome outcome = Collect();
    EXPECT_EQ(outcome.state, CollectorState::kOk)
        << (outcome.error ? outcome.error->Describe() : "");
    return Written(samples_);
  }
  static Lines Matching(const Lines& lines, std::string_view part) {
    Lines out;
    for (const std::string& line : lines) {
      if (line.find(part) != std::string::npos) out.insert(line);
    }
    return out;
  }

  std::filesystem::path root_;
  Roots roots_;
  MadeKernel netlink_;
  std::optional<Kernel> kernel_;
  OptionValues options_{kCollector.options};
  DevicePolicy policy_;
  std::unique_ptr<Collector> collector_;
  Samples samples_{kFamilies};
};

}  // namespace netstack::link
