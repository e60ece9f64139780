#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "collectors/protocols/families_icmp.h"
#include "collectors/protocols/families_ip.h"
#include "collectors/protocols/families_mptcp_ext.h"
#include "collectors/protocols/families_tcp.h"
#include "collectors/protocols/families_tcp_ext_receive.h"
#include "collectors/protocols/families_tcp_ext_transmit.h"
#include "collectors/protocols/families_udp.h"
#include "model/family.h"
#include "model/joined.h"

namespace netstack::protocols {

// `source` of these families is read by the program too: it says which field becomes which family
// (field_map.h). It is a list joined by "; ", each part "<file> <group> <field>" or, for snmp6,
// "<file> <name>", with a note for people after a comma.

// Must stay the last of the table: it has no field of its own.
inline constexpr auto kUnknownFamilies = std::to_array<Family>({
    {.name = "netstack_protocol_unknown_field_total",
     .type = MetricType::kCounter,
     .labels = {"group", "field"},
     .help = "A number of the kernel that this program does not know, under the kernel's name.",
     .source = "/proc/net/snmp, snmp6 and netstat: any other field",
     .reading =
         "A kernel newer than this program. Shown so that nothing is lost; stage and meaning "
         "come with an update."},
});
static_assert(FirstFault(kUnknownFamilies) == nullptr);

inline constexpr auto kFamilies =
    Joined(kIpFamilies, kIpExtFamilies, kIcmpFamilies, kIcmpMsgFamilies, kTcpFamilies,
           kTcpExtReceiveFamilies, kTcpExtTransmitFamilies, kUdpFamilies, kUdpLiteFamilies,
           kMptcpExtFamilies, kUnknownFamilies);

// Position of the family for all fields that none of the others names.
inline constexpr std::size_t kUnknownField = kFamilies.size() - 1;
static_assert(kFamilies[kUnknownField].name == "netstack_protocol_unknown_field_total");

// The families that name their fields.
inline constexpr std::span<const Family> kKnownFamilies(kFamilies.data(), kUnknownField);

}  // namespace netstack::protocols
