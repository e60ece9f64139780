#include "kernel/bpf/program_object.h"

#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include <algorithm>
#include <string>

#include "kernel/bpf/type_information.h"

namespace netstack {
namespace {

std::string_view PlaceOf(std::string_view section) {
  return section.substr(section.find('/') + 1);
}

// A tracepoint, a function, or an iterator's objects.
bool HasHook(const btf* vmlinux, std::string_view section) {
  const std::string_view place = PlaceOf(section);
  if (section.starts_with("tp_btf/") || section.starts_with("raw_tp/")) {
    return HasTracepoint(vmlinux, place);
  }
  if (!section.starts_with("iter/")) return HasFunction(vmlinux, place);
  const std::string context = "bpf_iter__" + std::string(place);
  return btf__find_by_name_kind(vmlinux, context.c_str(), BTF_KIND_STRUCT) > 0;
}

// False when the object has no such map.
bool SizeMap(bpf_object* object, const char* name, std::uint32_t entries) {
  bpf_map* const found = bpf_object__find_map_by_name(object, name);
  if (found != nullptr && entries != 0) bpf_map__set_max_entries(found, entries);
  return found != nullptr;
}

bool SizeMaps(bpf_object* object, const ObjectPlan& plan) {
  const int cpus = libbpf_num_possible_cpus();
  if (cpus < 1) return false;
  for (const MapPlan& map : plan.maps) {
    if (!SizeMap(object, map.name, map.rows_per_cpu * static_cast<std::uint32_t>(cpus))) {
      return false;
    }
  }
  return std::ranges::all_of(
      plan.sizes, [&](const auto& map) { return SizeMap(object, map.first.c_str(), map.second); });
}

bool Configure(bpf_object* object, std::vector<std::byte> bytes) {
  bpf_map* const config = bpf_object__find_map_by_name(object, ".rodata");
  std::size_t size = 0;
  if (config == nullptr || bpf_map__initial_value(config, &size) == nullptr) return false;
  bytes.resize(size);
  return bpf_map__set_initial_value(config, bytes.data(), size) == 0;
}

}  // namespace

void ObjectCloser::operator()(bpf_object* object) const {
  bpf_object__close(object);
}

ProgramObject OpenObject(const ObjectPlan& plan, std::vector<char>& log) {
  bpf_object_open_opts options = {};
  options.sz = sizeof options;
  const std::string name(plan.collector);
  options.object_name = name.c_str();
  options.kernel_log_buf = log.data();
  options.kernel_log_size = log.size();
  ProgramObject object(bpf_object__open_mem(plan.elf.data(), plan.elf.size(), &options));
  if (!object || !SizeMaps(object.get(), plan) || !Configure(object.get(), plan.config)) {
    return nullptr;
  }
  return object;
}

bool HasPlaceFor(const btf* vmlinux, const bpf_object* object, const HookProgram& program) {
  const std::string_view section =
      bpf_program__section_name(bpf_object__find_program_by_name(object, program.name));
  return HasHook(vmlinux, section) &&
         (program.kernel_function == nullptr || HasFunction(vmlinux, program.kernel_function));
}

int LoadPrograms(bpf_object* object, std::span<const char* const> wanted) {
  bpf_program* program = nullptr;
  while ((program = bpf_object__next_program(object, program)) != nullptr) {
    const std::string_view name = bpf_program__name(program);
    const bool load = std::ranges::find(wanted, name) != wanted.end();
    bpf_program__set_autoload(program, load);
  }
  return bpf_object__load(object);
}

}  // namespace netstack
