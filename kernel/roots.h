#pragma once

#include <string>
#include <string_view>

namespace netstack {

// Where the kernel's file systems are mounted; a fixture directory in tests. No trailing slash.
struct Roots {
  std::string procfs = "/proc";
  std::string sysfs = "/sys";
  std::string rootfs = "/";

  // Full path of a file below /proc, as in Proc("softirqs") or Proc("net/snmp").
  std::string Proc(std::string_view below) const { return procfs + "/" + std::string(below); }
  std::string Sys(std::string_view below) const { return sysfs + "/" + std::string(below); }
  bool operator==(const Roots&) const = default;
};

}  // namespace netstack
