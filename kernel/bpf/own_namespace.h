#pragma once

#include <sys/stat.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

namespace netstack {

// The inode of this process's network namespace, as the kernel's ns_common.inum; 0: not known.
inline std::uint32_t OwnNetworkNamespace() {
  struct stat status = {};
  return stat("/proc/self/ns/net", &status) == 0 ? static_cast<std::uint32_t>(status.st_ino) : 0;
}

template <class T>
std::vector<std::byte> BytesOf(const T& value) {
  std::vector<std::byte> bytes(sizeof value);
  std::memcpy(bytes.data(), &value, sizeof value);
  return bytes;
}

}  // namespace netstack
