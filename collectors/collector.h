#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "collectors/options.h"
#include "kernel/kernel.h"
#include "model/family.h"
#include "model/samples.h"

namespace netstack {

class DevicePolicy;

// How a collector fared in one round. The scraper adds timeout and stale, which a collector cannot
// know of itself.
enum class CollectorState : std::uint8_t {
  kOk,
  kPartial,  // Some objects or fields failed; the samples of the others are good.
  kAbsent,   // This kernel does not have the source. Not a fault.
  kNoPermission,
  kTimeout,
  kFailed,
  kStale,  // The samples are of an earlier round; the collector says their age.
};

std::string_view Slug(CollectorState state);
inline constexpr std::uint8_t kCollectorStates = 7;

// kOk without an error, or another state with the first error that explains it.
struct Outcome {
  CollectorState state = CollectorState::kOk;
  std::optional<Error> error = {};

  static Outcome FromError(Error error);
};

// Reads one source of the kernel. Made at start, then called once a round by one thread at a time,
// not always the same one. Unless the outcome is kOk, kPartial or kStale its samples are thrown
// away: all or nothing. May throw; that costs its own samples only.
class Collector {
 public:
  virtual ~Collector() = default;
  // `out` is empty. Reading must not change what the next reader of the kernel sees.
  virtual Outcome Collect(Samples& out) = 0;
};

// What a collector is made with. All references outlive it.
struct CollectorContext {
  const Kernel& kernel;
  const OptionValues& options;
  const DevicePolicy& devices;
};

// The one declaration of a collector; its folder defines it and the catalog lists it.
struct CollectorDeclaration {
  std::string_view name = {};
  std::string_view summary = {};
  bool enabled_by_default = true;
  // True when a call can sleep on a lock of somebody else's (RTNL) or walk something long: such a
  // collector comes after those that cannot, and is given more time.
  bool may_block = false;
  std::span<const Family> families = {};
  std::span<const OptionSpec> options = {};
  std::unique_ptr<Collector> (*create)(const CollectorContext& context) = nullptr;
};

}  // namespace netstack
