#pragma once

#include <cstdint>

// Numbers of the kernel's netlink interface that the headers of Linux 6.1, which Debian 12 has, do
// not name yet.
namespace netstack::nlabi {

// enum in linux/if_link.h, since Linux 6.3.
inline constexpr std::uint16_t kIflaGsoIpv4MaxSize = 63;
inline constexpr std::uint16_t kIflaGroIpv4MaxSize = 64;

}  // namespace netstack::nlabi
