#pragma once

#include "exporter/path/row_makers.h"

// The rows of XDP on the receive path. What a program drops is its decision; what it wanted to pass
// on and could not is lost. Most drivers count the latter as the former.
namespace netstack {

inline constexpr Term kNativeXdpDrop = QueueDrop("receive", "xdp_drop");
// Of drivers that have it there too.
inline constexpr Term kXdpDropOfRxDropped = [] {
  Term term = kNativeXdpDrop;
  term.per = Per::kXdpInRxDropped;
  return term;
}();
// The statistics of veth devices are not read.
inline constexpr OtherSource kXdpDropOfVeth = {{SkbDrop("veth_xdp", Per::kVeth)}};

inline constexpr Term kNativeXdp = [] {
  Term term = kNativeXdpDrop;
  term.otherwise = &kXdpDropOfVeth;
  return term;
}();

inline constexpr auto kXdpRows = std::to_array<CountRow>({
    Drop(Stage::kXdp, Class::kPolicy, "native_program", {{kNativeXdp}},
         "Frames that an XDP program at the driver dropped; of most drivers also those that it "
         "ended wrongly on, or that could not be passed on.",
         {}, Per::kDevice),
    Drop(Stage::kXdp, Class::kPolicy, "generic_program", {{SkbDrop("generic_xdp")}},
         "Packets that an XDP program above the driver dropped, or ended wrongly on.", {},
         Per::kDevice),
    RareDrop(
        Drop(Stage::kXdp, Class::kError, "program_failed", {{QueueDrop("receive", "xdp_aborted")}},
             "Frames on which an XDP program ended wrongly, where the driver tells them apart.", {},
             Per::kHardware)),
    RareDrop(Drop(Stage::kXdp, Class::kLoss, "redirect_failed",
                  {{SkbDrop("XDP"), QueueDrop("receive", "xdp_redirect")}},
                  "Packets that an XDP program passed on to another device, CPU or socket, which "
                  "did not take them.",
                  {}, Per::kDevice)),
    RareDrop(Drop(Stage::kXdp, Class::kLoss, "send_back_failed",
                  {{QueueDrop("receive", "xdp_transmit")}},
                  "Frames that an XDP program sent back, for which the transmit ring had no room.",
                  {}, Per::kHardware)),
});

}  // namespace netstack
