#pragma once

#include <memory>
#include <span>
#include <vector>

#include "kernel/bpf/loader.h"

namespace netstack {

struct ObjectCloser {
  void operator()(bpf_object* object) const;
};
// The programs of a plan on their way to the kernel, and there once they are loaded.
using ProgramObject = std::unique_ptr<bpf_object, ObjectCloser>;

// Makes the object of a plan ready to load. Null when it cannot be. What the verifier says later
// goes to `log`, which has to live as long.
ProgramObject OpenObject(const ObjectPlan& plan, std::vector<char>& log);

// Whether the kernel has what the program needs: the hook of its section, and its function.
bool HasPlaceFor(const btf* vmlinux, const bpf_object* object, const HookProgram& program);

// Loads `wanted` programs and no others. 0, or a negative errno.
int LoadPrograms(bpf_object* object, std::span<const char* const> wanted);

}  // namespace netstack
