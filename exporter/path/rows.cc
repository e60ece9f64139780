#include "exporter/path/rows.h"

namespace netstack {

std::string_view Slug(Class value) {
  constexpr std::array<std::string_view, 4> kSlugs = {"", "loss", "error", "policy"};
  return kSlugs.at(static_cast<std::size_t>(value));
}

}  // namespace netstack
