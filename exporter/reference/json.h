#pragma once

#include <span>
#include <string>

#include "collectors/collector.h"
#include "exporter/reference/reference.h"

namespace netstack {

// What WriteReference and the pages of the stages say, for programs: an object of `stages` in the
// packet's order, each with the ledger's rows of it, and `families` in the order of their
// declarations. A value that says nothing is an empty string. The same declarations give the same
// bytes.
std::string WriteReferenceJson(std::span<const CollectorDeclaration* const> collectors,
                               std::span<const ReferenceSource> others);

}  // namespace netstack
