#pragma once

#include <span>
#include <string>
#include <string_view>

#include "collectors/collector.h"
#include "model/family.h"

namespace netstack {

// Families that no collector declares: those of the path, of the scrape, of the process.
struct ReferenceSource {
  std::string_view name;  // Where they come from, as shown: "path".
  std::span<const Family> families;
};

// The metric reference as Markdown: every family with all that its declaration says, by path and
// stage in the packet's order, what is on no path last, then the collectors and their options. The
// same declarations give the same bytes.
std::string WriteReference(std::span<const CollectorDeclaration* const> collectors,
                           std::span<const ReferenceSource> others);

}  // namespace netstack
