#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/bpf/fd.h"
#include "kernel/bpf/hooks.h"
#include "kernel/bpf/map_memory.h"
#include "kernel/bpf/program_status.h"

struct bpf_object;
struct btf;

namespace netstack {

// An array that the programs fill and we read. Each CPU has `rows_per_cpu` rows; 0: the map's size
// stays as it is in the object.
struct MapPlan {
  const char* name;
  std::uint32_t rows_per_cpu = 0;
  bool writable = false;
};

// One object file of programs.
struct ObjectPlan {
  std::string_view collector;
  std::span<const char> elf;
  std::span<const Hook> hooks;
  std::vector<MapPlan> maps;
  // All of .rodata.
  std::vector<std::byte> config;
  // Maps that are no arrays to be read as memory, with their size.
  std::map<std::string, std::uint32_t> sizes = {};
};

// Programs at work in the kernel, for as long as this lives. What is left of the object are a few
// file descriptors and the memory of its maps.
struct LoadedObject {
  struct Program {
    std::size_t status;  // Position in the statuses.
    Fd link;             // Detaches when it is closed.
    Fd program;
  };
  std::vector<Program> programs;
  std::map<std::string, MapMemory, std::less<>> maps;
  std::map<std::string, Fd, std::less<>> map_fds;  // Of ObjectPlan::sizes.
};

// Loads and attaches what can be, and says in `statuses`, one for each hook, what could not and
// why: a program that the kernel does not load or attach costs only itself, and the next of its
// hook is tried. Null when nothing is at work. `vmlinux` is the kernel's type information, or null.
std::unique_ptr<LoadedObject> LoadObject(const ObjectPlan& plan, const btf* vmlinux,
                                         std::span<ProgramStatus> statuses);

// How often a program did not run because one was at work on that CPU. Nothing where the kernel
// does not tell: before Linux 5.12, and before 5.19 with kernel.unprivileged_bpf_disabled those who
// have given their capabilities up.
std::optional<std::uint64_t> MissedRuns(const Fd& program);

}  // namespace netstack
