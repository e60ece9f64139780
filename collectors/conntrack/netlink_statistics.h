#pragma once

#include <array>
#include <functional>
#include <memory>

#include "collectors/per_cpu_stat.h"
#include "kernel/kernel.h"
#include "kernel/netlink/builder.h"
#include "kernel/netlink/netlink.h"

namespace netstack::conntrack {

// The state of connection tracking as ctnetlink tells it: IPCTNL_MSG_CT_GET_STATS,
// IPCTNL_MSG_CT_GET_STATS_CPU and IPCTNL_MSG_EXP_GET_STATS_CPU. Needs CAP_NET_ADMIN, and the
// network namespace's. One thread at a time.
class NetlinkStatistics {
 public:
  // The parts of `kernel` must outlive the object.
  explicit NetlinkStatistics(const Kernel& kernel);
  NetlinkStatistics(const NetlinkStatistics&) = delete;
  NetlinkStatistics& operator=(const NetlinkStatistics&) = delete;

  // Whether the kernel can be asked as it is: asking one whose ctnetlink is a module that is not
  // loaded would load it.
  bool IsLoaded();
  // Fills in the columns that the kernel tells, under their names in /proc/net/stat/nf_conntrack,
  // and "max", the limit of "entries". kNoPermission without the capability. After an error the
  // content of `out` is unspecified.
  Status Read(PerCpuStat& out);

 private:
  struct Question;
  static const std::array<Question, 3> kQuestions;
  void Visit(const NetlinkMessage& message);

  NetlinkSource& source_;
  File module_;           // Of ctnetlink, where it is a module.
  File tracking_module_;  // Of connection tracking, where that is a module.
  File tracking_;         // Some parameter of connection tracking.
  std::unique_ptr<NetlinkPort> port_;
  NetlinkBuilder request_;
  NetlinkVisitor visit_;
  std::function<void()> restart_;
  const Question* asked_ = nullptr;  // The one under way, and what it is to fill in.
  PerCpuStat* out_ = nullptr;
  bool is_built_in_ = false;
  bool malformed_ = false;
};

}  // namespace netstack::conntrack
