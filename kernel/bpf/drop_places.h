#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace netstack {

// A function of the kernel that throws packets away without a reason, and what we call it. Only
// functions in which every such packet met the same end are here.
struct DropPlace {
  std::string_view function;
  std::string_view reason;  // In lower case, as the kernel's own never are.
  // A packet that has its link header again was to be sent back, and failed: that is another end.
  bool unless_to_be_sent = false;
};

// Functions of one reason follow one another. Which of them has the place depends on what the
// compiler has inlined into what.
inline constexpr auto kDropPlaces = std::to_array<DropPlace>({
    // Verdicts of an XDP program above the driver: XDP_DROP, XDP_ABORTED, and numbers that are
    // none.
    // Sending (generic_xdp_tx) ends with a jump to what frees, and so seems to come from here.
    {"netif_receive_generic_xdp", "generic_xdp", true},
    {"do_xdp_generic", "generic_xdp", true},
    // The same of the program of a veth device, which sees packets that have an sk_buff already.
    {"veth_xdp_rcv_skb", "veth_xdp"},
    {"veth_xdp_rcv", "veth_xdp"},
    {"veth_poll", "veth_xdp"},
});

}  // namespace netstack
