#pragma once

namespace netstack {

enum class LogLevel { kDebug, kInfo, kWarn, kError };
enum class LogFormat { kLogfmt, kJson };

}  // namespace netstack
