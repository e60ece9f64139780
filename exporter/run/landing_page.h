#pragma once

#include <string>

#include "exporter/http/message.h"

namespace netstack {

// The page at "/": what this is, and where the metrics are.
Response LandingPage(const std::string& telemetry_path);

}  // namespace netstack
