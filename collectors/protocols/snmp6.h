#pragma once

#include <string_view>

#include "collectors/protocols/field_values.h"

namespace netstack::protocols {

// Parses /proc/net/snmp6: lines of a name and a number. The name is cut behind its 6, so that
// "Udp6InErrors" is the field "InErrors" of the group "Udp6"; a name without a 6 has the group
// "snmp6". `out` keeps its capacity; after an error its values are unspecified.
Status ParseSnmp6(std::string_view text, FieldValues& out);

}  // namespace netstack::protocols
