#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "exporter/http/message.h"

namespace netstack {

// The page at "/", which draws the path from the metrics for as long as somebody looks, and the
// files below "/live/" that it is made of. Nothing for any other path.
std::optional<Response> LivePage(std::string_view path, const std::string& telemetry_path);

}  // namespace netstack
