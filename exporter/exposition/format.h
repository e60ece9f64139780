#pragma once

#include <cstdint>
#include <string_view>

namespace netstack {

// The two texts a page can be written in.
enum class PageFormat : std::uint8_t {
  kText,         // Prometheus text format 0.0.4.
  kOpenMetrics,  // OpenMetrics 1.0.
};
inline constexpr std::size_t kPageFormats = 2;

// The value of the Content-Type header. Prometheus 3 refuses a page without one.
std::string_view ContentType(PageFormat format);

// What a page ends in: OpenMetrics wants a last line, the text format nothing.
std::string_view PageEnd(PageFormat format);

// The format to answer with for an Accept header (empty: none was sent). Of the ranges that name a
// format and version written here the one with the highest q wins, the first of equals; anything
// else, wildcards too, gets the text format: a scrape is never refused for its Accept header.
PageFormat NegotiateFormat(std::string_view accept);

// True if an Accept-Encoding header (empty: none was sent) allows gzip and does not prefer
// identity. q=0 forbids; a wildcard stands for codings that are not named.
bool AcceptsGzip(std::string_view accept_encoding);

}  // namespace netstack
