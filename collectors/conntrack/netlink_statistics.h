#pragma once

#include <functional>
#include <memory>

#include "collectors/per_cpu_stat.h"
#include "kernel/netlink/builder.h"
#include "kernel/netlink/netlink.h"

namespace netstack::conntrack {

// The statistics of connection tracking as IPCTNL_MSG_CT_GET_STATS_CPU tells them, for kernels
// without CONFIG_NF_CONNTRACK_PROCFS. Needs CAP_NET_ADMIN. One thread at a time.
class NetlinkStatistics {
 public:
  // `source` must outlive the object.
  explicit NetlinkStatistics(NetlinkSource& source);
  NetlinkStatistics(const NetlinkStatistics&) = delete;
  NetlinkStatistics& operator=(const NetlinkStatistics&) = delete;

  // Fills in the columns that the kernel tells, under their names in /proc/net/stat/nf_conntrack.
  // kNoPermission without the capability. After an error the content of `out` is unspecified.
  Status Read(PerCpuStat& out);

 private:
  void Visit(const NetlinkMessage& message);

  NetlinkSource& source_;
  std::unique_ptr<NetlinkPort> port_;
  NetlinkBuilder request_;
  NetlinkVisitor visit_;
  std::function<void()> restart_;
  PerCpuStat* out_ = nullptr;  // Of the question under way.
  bool malformed_ = false;
};

}  // namespace netstack::conntrack
