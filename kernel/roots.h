#pragma once

#include <string>
#include <string_view>

namespace netstack {

// Where the kernel's file systems are mounted; a fixture directory in tests. No trailing slash.
struct Roots {
  std::string procfs = "/proc";
  std::string sysfs = "/sys";
  std::string rootfs = "/";
  // Where what belongs below /proc/net is; empty: there. Another network namespace has its own.
  std::string proc_net = {};

  // Full path of a file below /proc, as in Proc("softirqs") or Proc("net/snmp").
  std::string Proc(std::string_view below) const {
    constexpr std::string_view kNet = "net/";
    if (!proc_net.empty() && below.starts_with(kNet)) {
      return proc_net + "/" + std::string(below.substr(kNet.size()));
    }
    return procfs + "/" + std::string(below);
  }
  std::string Sys(std::string_view below) const { return sysfs + "/" + std::string(below); }
  bool operator==(const Roots&) const = default;
};

}  // namespace netstack
