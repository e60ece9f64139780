#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "collectors/options.h"
#include "kernel/kernel.h"
#include "kernel/network_namespace.h"

namespace netstack::netns {

enum class FoundBy : std::uint8_t { kConfiguration, kName, kProcess };
std::string_view Slug(FoundBy by);

// A network namespace that is not the exporter's own.
struct Found {
  std::string name;  // Stable: of /run/netns, of a container or service.
  NamespaceId id = 0;
  std::string path;  // What to enter it by.
  std::string pid;   // A process in it; empty when none is known.
  FoundBy by = FoundBy::kName;
  bool operator==(const Found&) const = default;
};

// What is there besides the ones that are shown.
struct Leftover {
  std::uint64_t unnamed = 0;   // Namespaces of processes that belong to nothing with a name.
  std::uint64_t excluded = 0;  // By the expressions.
  std::uint64_t beyond_cap = 0;
  std::uint64_t hidden = 0;  // Processes whose namespace this user may not see.
  bool operator==(const Leftover&) const = default;
};

// What a person asked for.
struct Wanted {
  std::vector<std::string> namespaces;  // Names in /run/netns, paths, or process ids.
  bool named = true;                    // All of /run/netns.
  bool processes = false;               // All that processes are in.
  std::string include;                  // Whole-name regex; empty: all.
  std::string exclude;                  // Whole-name regex; empty: none.
  std::size_t most = 64;
};

// Looks for network namespaces, sorted by name, each once. `error` gets the first thing that could
// not be looked at, unless it is only not there. A process or name that goes meanwhile is left out.
std::vector<Found> Discover(const Kernel& kernel, const Wanted& wanted, Leftover& leftover,
                            std::optional<Error>& error);

}  // namespace netstack::netns
