#include "kernel/capabilities.h"

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>

#include "kernel/file.h"

namespace netstack {
namespace {

// Debian 12's header stops before neither of these; older ones do.
constexpr unsigned kCapPerfmon = 38;
constexpr unsigned kCapBpf = 39;

struct Sets {
  std::uint64_t effective = 0;
  std::uint64_t permitted = 0;
};

constexpr std::uint64_t Bit(unsigned capability) {
  return std::uint64_t{1} << capability;
}

constexpr std::uint64_t kForPortsAndFiles = Bit(CAP_NET_BIND_SERVICE) | Bit(CAP_DAC_READ_SEARCH);
constexpr std::uint64_t kForNamespaces = Bit(CAP_SYS_ADMIN) | Bit(CAP_SYS_PTRACE);
constexpr std::uint64_t kForMaps = Bit(kCapBpf);

using Data = std::array<__user_cap_data_struct, 2>;

int Call(long number, Data& data) {
  __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  return static_cast<int>(syscall(number, &header, data.data()));
}

Sets Read() {
  Data data = {};
  if (Call(SYS_capget, data) != 0) return {};
  const auto whole = [](std::uint32_t low, std::uint32_t high) {
    return std::uint64_t{high} << 32 | low;
  };
  return {.effective = whole(data[0].effective, data[1].effective),
          .permitted = whole(data[0].permitted, data[1].permitted)};
}

// In another user namespace capabilities are about its own things only.
bool IsInFirstUserNamespace() {
  const Result<std::string> map = ReadFile("/proc/self/uid_map");
  return !map || map->find("4294967295") != std::string::npos;
}

}  // namespace

bool MayLoadPrograms() {
  const std::uint64_t effective = Read().effective;
  const bool has_both = (effective & Bit(kCapBpf)) != 0 && (effective & Bit(kCapPerfmon)) != 0;
  const bool is_admin = (effective & Bit(CAP_SYS_ADMIN)) != 0;
  return (has_both || is_admin) && IsInFirstUserNamespace();
}

Status DropCapabilities(KeptCapabilities wanted) {
  const Sets sets = Read();
  const std::uint64_t kept =
      sets.permitted &
      ((wanted.ports_and_files ? kForPortsAndFiles : 0) | (wanted.namespaces ? kForNamespaces : 0) |
       (wanted.connection_tracking ? Bit(CAP_NET_ADMIN) : 0) | (wanted.maps ? kForMaps : 0));
  // A service manager that gave none may not even allow the call.
  if (kept == sets.permitted) return {};
  if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0 && errno != EINVAL) {
    return ErrorFromErrno(errno, "capabilities", "prctl");
  }
  Data data = {};
  data[0].permitted = static_cast<std::uint32_t>(kept);
  data[1].permitted = static_cast<std::uint32_t>(kept >> 32);
  data[0].effective = static_cast<std::uint32_t>(kept & sets.effective);
  data[1].effective = static_cast<std::uint32_t>((kept & sets.effective) >> 32);
  if (Call(SYS_capset, data) != 0) return ErrorFromErrno(errno, "capabilities", "capset");
  return {};
}

}  // namespace netstack
