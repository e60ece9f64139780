#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "kernel/result.h"

namespace netstack::link {

// The fields of the kernel's struct rtnl_link_stats64, in its order.
enum class LinkField : std::uint8_t {
  kRxPackets,
  kTxPackets,
  kRxBytes,
  kTxBytes,
  kRxErrors,
  kTxErrors,
  kRxDropped,
  kTxDropped,
  kMulticast,
  kCollisions,
  kRxLengthErrors,
  kRxOverErrors,
  kRxCrcErrors,
  kRxFrameErrors,
  kRxFifoErrors,
  kRxMissedErrors,
  kTxAbortedErrors,
  kTxCarrierErrors,
  kTxFifoErrors,
  kTxHeartbeatErrors,
  kTxWindowErrors,
  kRxCompressed,
  kTxCompressed,
  kRxNohandler,        // Since Linux 4.6.
  kRxOtherhostDropped  // Since Linux 5.19.
};
inline constexpr std::size_t kLinkFields = 25;

// One network device as RTM_NEWLINK tells it. What a kernel does not say is left out.
struct Link {
  int index = 0;  // Never 0 in what has been parsed.
  unsigned flags = 0;
  bool is_loopback = false;
  std::string name;
  std::string kind;        // "veth", "bridge"; empty for most hardware.
  std::string parent;      // Name of the hardware device: "0000:00:03.0". Since Linux 5.14.
  std::string parent_bus;  // "pci", "virtio"; together with `parent`.
  std::optional<std::uint32_t> lower = {};   // Index of the device this one is on, or its peer.
  std::optional<std::uint32_t> master = {};  // Index of the bridge or bond it belongs to.
  bool lower_in_other_netns = false;         // `lower` counts in another network namespace.
  std::optional<std::uint8_t> operstate = {};
  std::optional<std::uint8_t> carrier = {};
  std::optional<std::uint32_t> carrier_changes = {};
  std::optional<std::uint32_t> carrier_up_count = {};
  std::optional<std::uint32_t> carrier_down_count = {};
  std::optional<std::uint32_t> mtu = {};
  std::optional<std::uint32_t> transmit_queue_length = {};
  std::optional<std::uint32_t> receive_queues = {};
  std::optional<std::uint32_t> transmit_queues = {};
  std::optional<std::uint32_t> gso_max_size = {};
  std::optional<std::uint32_t> gso_max_segments = {};
  std::optional<std::uint32_t> gro_max_size = {};
  std::optional<std::uint32_t> gso_ipv4_max_size = {};
  std::optional<std::uint32_t> gro_ipv4_max_size = {};
  std::array<std::uint64_t, kLinkFields> stats = {};
  std::size_t stats_count = 0;  // How many fields this kernel has; 0: no statistics at all.

  bool operator==(const Link&) const = default;
};

// Parses the payload of an RTM_NEWLINK message: ifinfomsg and attributes. `out` is overwritten and
// keeps the memory of its strings. kMalformed when an attribute does not fit, has the wrong size,
// or when there is no name.
Status ParseLinkMessage(std::span<const std::byte> payload, Link& out);

}  // namespace netstack::link
