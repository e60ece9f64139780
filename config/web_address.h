#pragma once

#include <string>
#include <string_view>

namespace netstack {

// Each says what is wrong with a value, or returns an empty string.

// :port, host:port, [ipv6]:port or unix:/path. Whether the host exists is seen when it is bound.
std::string ComplaintAboutListenAddress(std::string_view address);

// A path of URL characters that is not one of the exporter's own pages.
std::string ComplaintAboutTelemetryPath(std::string_view path);

// Begins with '/'.
std::string ComplaintAboutAbsolutePath(std::string_view path);

}  // namespace netstack
