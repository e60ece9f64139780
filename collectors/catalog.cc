#include "collectors/catalog.h"

#include <array>

namespace netstack {

#define COLLECTOR(name)                         \
  namespace name {                              \
  extern const CollectorDeclaration kCollector; \
  }
#include "collectors/catalog.list"
#undef COLLECTOR

std::span<const CollectorDeclaration* const> Catalog() {
  static constexpr auto kAll = std::to_array<const CollectorDeclaration*>({
#define COLLECTOR(name) &name::kCollector,
#include "collectors/catalog.list"
#undef COLLECTOR
  });
  return kAll;
}

}  // namespace netstack
