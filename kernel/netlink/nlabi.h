#pragma once

#include <cstdint>

// Numbers of the kernel's netlink interface that the headers of Linux 6.1, which Debian 12 has, do
// not name yet. A test compares them with the running kernel's: k, then the kernel's own name in
// camel case.
namespace netstack::nlabi {

// enum in linux/if_link.h, since Linux 6.3.
inline constexpr std::uint16_t kIflaGsoIpv4MaxSize = 63;
inline constexpr std::uint16_t kIflaGroIpv4MaxSize = 64;

// enums in linux/ethtool_netlink.h.
inline constexpr std::uint8_t kEthtoolMsgRssGet = 38;             // Since Linux 6.2.
inline constexpr std::uint16_t kEthtoolARssIndir = 4;             // Since Linux 6.2.
inline constexpr std::uint16_t kEthtoolALinkstateExtDownCnt = 7;  // Since Linux 6.2.
inline constexpr std::uint16_t kEthtoolARingsRxPush = 14;         // Since Linux 6.3, as the next.
inline constexpr std::uint16_t kEthtoolACoalesceTxAggrMaxBytes = 26;
inline constexpr std::uint16_t kEthtoolACoalesceTxAggrMaxFrames = 27;
inline constexpr std::uint16_t kEthtoolACoalesceTxAggrTimeUsecs = 28;

}  // namespace netstack::nlabi
