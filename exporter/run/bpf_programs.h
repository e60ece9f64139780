#pragma once

#include <string_view>

#include "config/config.h"
#include "exporter/log/logger.h"
#include "kernel/bpf/host.h"

namespace netstack {

// Whether `config` switches that collector on.
bool IsOn(std::string_view collector, const Config& config);

// Has the programs of the collectors that `config` switches on, and whose source they are, put to
// work, and those of the others
// ended.
void UsePrograms(const Config& config, BpfHost& host);

// Says what became of them: a line for all, and one for each that the kernel refused.
void LogPrograms(BpfHost& host, const Logger& logger);

}  // namespace netstack
