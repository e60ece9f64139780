#include "kernel/bpf/program_status.h"

#include <array>

namespace netstack {

std::string_view Slug(ProgramState state) {
  constexpr std::array<std::string_view, kProgramStates> kSlugs = {
      "ok",       "not_built", "disabled",    "no_btf", "no_tracepoint", "no_permission",
      "lockdown", "verifier",  "not_attached"};
  return kSlugs.at(static_cast<std::size_t>(state));
}

}  // namespace netstack
