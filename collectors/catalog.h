#pragma once

#include <span>

#include "collectors/collector.h"

namespace netstack {

// Every collector, in the order of the page. To add one: its folder, and a line in catalog.list.
std::span<const CollectorDeclaration* const> Catalog();

}  // namespace netstack
