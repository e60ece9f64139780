#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "collectors/link/link_message.h"

namespace netstack::link {

// A set of statistics fields.
class FieldSet {
 public:
  constexpr FieldSet() = default;
  constexpr FieldSet(std::initializer_list<LinkField> fields) {
    for (const LinkField field : fields) Add(field);
  }
  constexpr void Add(LinkField field) { bits_ |= BitOf(field); }
  constexpr bool Has(LinkField field) const { return (bits_ & BitOf(field)) != 0; }
  constexpr bool operator==(const FieldSet&) const = default;

 private:
  static constexpr std::uint32_t BitOf(LinkField field) {
    return std::uint32_t{1} << static_cast<unsigned>(field);
  }
  std::uint32_t bits_ = 0;
};

// The fields that only a driver can fill. The kernel itself counts in the others (rx_dropped,
// tx_dropped, rx_nohandler, rx_otherhost_dropped) for every device, so they are never blind.
inline constexpr FieldSet kDriverFields = {
    LinkField::kRxErrors,        LinkField::kTxErrors,          LinkField::kCollisions,
    LinkField::kRxLengthErrors,  LinkField::kRxOverErrors,      LinkField::kRxCrcErrors,
    LinkField::kRxFrameErrors,   LinkField::kRxFifoErrors,      LinkField::kRxMissedErrors,
    LinkField::kTxAbortedErrors, LinkField::kTxCarrierErrors,   LinkField::kTxFifoErrors,
    LinkField::kTxWindowErrors,  LinkField::kTxHeartbeatErrors,
};

// Which of kDriverFields the driver ("virtio_net") fills, as far as its source says (Linux 6.1 to
// 6.12): a 0 there means that nothing happened. Empty for a driver that is not in the table.
FieldSet FieldsFilledBy(std::string_view driver);

}  // namespace netstack::link
