#pragma once

#include <functional>
#include <string_view>

namespace netstack {

enum class HttpLogLevel { kDebug, kInfo, kWarn, kError };

// Where the server's messages go; called by several threads at once, may be empty.
using HttpLog = std::function<void(HttpLogLevel, std::string_view message)>;

}  // namespace netstack
