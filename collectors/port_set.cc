#include "collectors/port_set.h"

#include <charconv>
#include <optional>

namespace netstack {
namespace {

std::optional<std::uint16_t> PortOf(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return port;
}

}  // namespace

Status PortSet::Add(std::span<const std::string> items, std::string_view option) {
  for (const std::string_view item : items) {
    const std::size_t dash = item.find('-');
    const auto first = PortOf(item.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : PortOf(item.substr(dash + 1));
    if (!first || !last || *first > *last) {
      return Error{.kind = ErrorKind::kInvalid,
                   .path = std::string(option),
                   .what = "not a port or a range of ports: '" + std::string(item) + "'"};
    }
    for (std::size_t port = *first; port <= *last; ++port) ports_.set(port);
  }
  return {};
}

}  // namespace netstack
