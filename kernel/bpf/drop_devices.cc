#include <algorithm>
#include <array>

#include "kernel/bpf/source.h"

namespace netstack {
namespace {

constexpr auto kAtDevice = std::to_array<std::string_view>({
    // Before IP.
    "DEV_HDR",
    "DEV_READY",
    "HDR_TRUNC",
    "PKT_TOO_SMALL",
    "FULL_RING",
    "TAP_FILTER",
    "TAP_TXFILTER",
    "XDP",
    "generic_xdp",
    "veth_xdp",
    "CPU_BACKLOG",
    "PFMEMALLOC",
    "UNHANDLED_PROTO",
    "OTHERHOST",
    "TC_INGRESS",
    "TC_COOKIE_ERROR",
    "TC_CHAIN_NOTFOUND",
    "TC_RECLASSIFY_LOOP",
    "VXLAN_INVALID_HDR",
    "VXLAN_VNI_NOT_FOUND",
    "VXLAN_ENTRY_EXISTS",
    "IP_TUNNEL_ECN",
    "MAC_INVALID_SOURCE",
    "MAC_IEEE_MAC_CONTROL",
    "LOCAL_MAC",
    "ARP_PVLAN_DISABLE",
    "BRIDGE_INGRESS_STP_STATE",
    "CAN_RX_INVALID_FRAME",
    "CANFD_RX_INVALID_FRAME",
    "CANXL_RX_INVALID_FRAME",
    // In IP, both ways, and where it hands packets to protocols.
    "IP_CSUM",
    "IP_INHDR",
    "IP_RPFILTER",
    "IP_NOPROTO",
    "IP_OUTNOROUTES",
    "IP_INADDRERRORS",
    "IP_INNOROUTES",
    "IP_LOCAL_SOURCE",
    "IP_INVALID_SOURCE",
    "IP_LOCALNET",
    "IP_INVALID_DEST",
    "IPV6DISABLED",
    "IPV6_BAD_EXTHDR",
    "IPV6_NDISC_FRAG",
    "IPV6_NDISC_HOP_LIMIT",
    "IPV6_NDISC_BAD_CODE",
    "IPV6_NDISC_BAD_OPTIONS",
    "IPV6_NDISC_NS_OTHERHOST",
    "UNICAST_IN_L2_MULTICAST",
    "PKT_TOO_BIG",
    "INVALID_PROTO",
    "ICMP_CSUM",
    "NETFILTER_DROP",
    "XFRM_POLICY",
    "BPF_CGROUP_EGRESS",
    "NO_SOCKET",
    "TCP_CSUM",
    // After IP.
    "NEIGH_CREATEFAIL",
    "NEIGH_FAILED",
    "NEIGH_QUEUEFULL",
    "NEIGH_DEAD",
    "NEIGH_HH_FILLFAIL",
    "TC_EGRESS",
    "QDISC_DROP",
    "QDISC_OVERLIMIT",
    "QDISC_CONGESTED",
    "CAKE_FLOOD",
    "FQ_BAND_LIMIT",
    "FQ_HORIZON_LIMIT",
    "FQ_FLOW_LIMIT",
    "DUALPI2_STEP_DROP",
    "SKB_GSO_SEG",
    "SKB_BAD_GSO",
    "TUNNEL_TXINFO",
    "RECURSION_LIMIT",
    "NO_TX_TARGET",
});

template <std::size_t N>
constexpr bool Contains(const std::array<std::string_view, N>& reasons, std::string_view reason) {
  return std::ranges::find(reasons, reason) != reasons.end();
}

}  // namespace

bool IsAtDevice(std::string_view reason) {
  return Contains(kAtDevice, reason);
}

bool IsAtSocket(std::string_view reason) {
  if (IsAtDevice(reason)) return false;
  return reason.starts_with("SOCKET_") || reason.starts_with("TCP_") || reason == "UDP_CSUM" ||
         reason == "PROTO_MEM";
}

bool HasDevice(std::string_view reason) {
  constexpr auto kReasons = std::to_array<std::string_view>({
      "NETFILTER_DROP",
      "UNHANDLED_PROTO",
      "IP_LOCALNET",
  });
  return Contains(kReasons, reason);
}

bool IsCountedByDevice(std::string_view reason) {
  constexpr auto kReasons =
      std::to_array<std::string_view>({"UNHANDLED_PROTO", "CPU_BACKLOG", "XDP", "generic_xdp",
                                       "veth_xdp", "TC_INGRESS", "TC_EGRESS"});
  return Contains(kReasons, reason);
}

}  // namespace netstack
