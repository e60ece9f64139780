#pragma once

#include <span>
#include <string>
#include <string_view>

#include "collectors/collector.h"
#include "exporter/reference/reference.h"
#include "model/stage.h"

namespace netstack {

// The stage that `name` means, as "receive-backlog", or nullptr.
const StageInfo* StageNamed(std::string_view name);

// What the declarations say about one stage, as Markdown for its page below docs/stages/: the
// ledger's causes and what they are counted from, pressure, saturation, what cannot be seen, and
// the families of the stage. The same declarations give the same bytes.
std::string WriteStageSection(const StageInfo& stage,
                              std::span<const CollectorDeclaration* const> collectors,
                              std::span<const ReferenceSource> others);

}  // namespace netstack
