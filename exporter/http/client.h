#pragma once

#include <chrono>
#include <string>

#include "kernel/result.h"

namespace netstack {

// Asks for one page and gives its body. The address is http://host[:port][/path] (port 80, path /),
// http://[v6]:port/path, or unix:/path for /metrics of an exporter on that socket. Errors name the
// address: kInvalid for one that is not understood, kAbsent when nobody answers there, kIo for an
// answer that is not 200 or is cut off, kTimeout when none came within `timeout`.
Result<std::string> HttpGet(const std::string& address, std::chrono::milliseconds timeout);

}  // namespace netstack
