#pragma once

#include <string_view>

#include "collectors/protocols/field_values.h"

namespace netstack::protocols {

// Parses /proc/net/snmp or /proc/net/netstat, `path` says which: pairs of lines, "Tcp: RtoMin ..."
// with the names and "Tcp: 200 ..." with the numbers. A group may have several pairs (IcmpMsg has
// one for each 16 types), and the last line may lack its newline (MPTcpExt of the first kernels
// that had it). `out` keeps its capacity; after an error its values are unspecified.
Status ParseHeaderPairs(std::string_view text, std::string_view path, FieldValues& out);

}  // namespace netstack::protocols
