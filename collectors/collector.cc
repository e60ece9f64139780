#include "collectors/collector.h"

#include <array>

namespace netstack {

std::string_view Slug(CollectorState state) {
  constexpr std::array<std::string_view, kCollectorStates> kSlugs = {
      "ok", "partial", "absent", "no_permission", "timeout", "failed", "stale"};
  return kSlugs.at(static_cast<std::size_t>(state));
}

Outcome Outcome::FromError(Error error) {
  CollectorState state = CollectorState::kFailed;
  switch (error.kind) {
    case ErrorKind::kAbsent:
    case ErrorKind::kUnsupported:
      state = CollectorState::kAbsent;
      break;
    case ErrorKind::kNoPermission:
      state = CollectorState::kNoPermission;
      break;
    case ErrorKind::kTimeout:
      state = CollectorState::kTimeout;
      break;
    default:
      break;
  }
  return {.state = state, .error = std::move(error)};
}

}  // namespace netstack
