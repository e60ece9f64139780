#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace netstack {

// What became of a program that was to run in the kernel.
enum class ProgramState : std::uint8_t {
  kOk,
  kNotBuilt,      // This exporter was built without eBPF.
  kDisabled,      // Its collector is switched off, or was switched on after the start.
  kNoBtf,         // The kernel has no type information (/sys/kernel/btf/vmlinux).
  kNoTracepoint,  // The kernel has no such place to look from: too old, or built without it.
  kNoPermission,  // CAP_BPF and CAP_PERFMON are missing.
  kLockdown,      // The kernel refuses although they are there.
  kVerifier,      // The kernel refused the program itself.
  kNotAttached,   // The kernel took the program, but did not attach it.
};
inline constexpr std::uint8_t kProgramStates = 9;
std::string_view Slug(ProgramState state);

struct ProgramStatus {
  std::string_view collector = {};  // The collector it works for.
  std::string_view name = {};       // What it looks at: "tcp_probe".
  ProgramState state = ProgramState::kDisabled;
  std::string hook = {};  // Where it was attached: "tp_btf/tcp_probe". Empty unless kOk.
  // With kOk: what became of the program tried last before it. Nothing when it is the first choice.
  std::optional<ProgramState> last_failure = {};
  // For people: what the kernel said, or, with kOk, what it said to a better program. May have
  // several lines.
  std::string detail = {};
  // Events it did not see because it was at work on that CPU already; nothing where the kernel does
  // not tell.
  std::optional<std::uint64_t> missed = {};
  bool operator==(const ProgramStatus&) const = default;
};

}  // namespace netstack
