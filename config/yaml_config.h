#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/draft.h"
#include "kernel/error.h"

namespace netstack {

// The front end for the configuration file.

// Sets in `draft` what the YAML `text` says; an empty file says nothing. Returns every error found,
// with `path`, line, column and the full name of the key; when there is one, what the draft holds
// is of no use.
std::vector<Error> ApplyYaml(std::string_view path, std::string_view text, ConfigDraft& draft);

// A configuration file with every setting at its default and with what it means: it reads back as
// DefaultConfig(collectors).
std::string DefaultYaml(CollectorList collectors);

}  // namespace netstack
