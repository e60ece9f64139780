#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "collectors/tunables/sysctl_value.h"
#include "model/stage.h"

namespace netstack::tunables {

// Whose setting it is, as of Linux 6.18. A setting of the host is missing or read-only in other
// network namespaces; older kernels keep some settings per host that are per namespace today.
enum class Scope : std::uint8_t { kHost, kNamespace };

// One sysctl: where it stands on the packet's path, how it is written, what it is for. `path` and
// `stage` are where its effect shows first; a few settings matter to more than one stage.
struct Tunable {
  std::string_view key;  // "net.core.netdev_max_backlog"; a dot is always a directory.
  Path path = Path::kReceive;
  Stage stage = Stage::kNone;
  Layout layout = Layout::kSingle;
  std::string_view unit = {};  // Of the number as it is typed back; empty for words.
  Scope scope = Scope::kNamespace;
  std::string_view governs;  // What it governs, one sentence.
};

// The tables, in the order of the page. No key is in two of them.
std::span<const Tunable> CoreTunables();       // net.core, net.unix, vm
std::span<const Tunable> IpTunables();         // IPv4 and IPv6 below the transport
std::span<const Tunable> NetfilterTunables();  // net.netfilter
std::span<const Tunable> UdpTunables();        // net.ipv4.udp_*
std::span<const Tunable> TcpInTunables();      // net.ipv4.tcp_* that act on what arrives
std::span<const Tunable> TcpOutTunables();     // net.ipv4.tcp_* that act on what is sent

}  // namespace netstack::tunables
