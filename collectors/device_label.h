#pragma once

#include <string>
#include <string_view>

namespace netstack {

// A device's name as a label value. The kernel allows any byte but '/', ':' and white space in a
// name, Prometheus UTF-8 only: a byte that is not part of UTF-8 becomes \xNN, and so does a
// backslash, so that two names never have the same label.
std::string DeviceLabel(std::string_view name);

// True if the name can be used as one part of a sysfs path.
bool IsPathPart(std::string_view name);

}  // namespace netstack
