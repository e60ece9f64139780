#include "kernel/bpf/loader.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <optional>

#include "kernel/bpf/type_information.h"
#include "kernel/capabilities.h"

namespace netstack {

MapMemory::~MapMemory() {
  if (memory_ != nullptr) munmap(memory_, size_);
}

namespace {

struct ObjectCloser {
  void operator()(bpf_object* object) const { bpf_object__close(object); }
};
using Object = std::unique_ptr<bpf_object, ObjectCloser>;

constexpr std::size_t kLogBytes = 64 << 10;
constexpr std::size_t kDetailBytes = 500;

Fd Copy(int fd) {
  return Fd(fcntl(fd, F_DUPFD_CLOEXEC, 0));
}

std::string_view PlaceOf(std::string_view section) {
  return section.substr(section.find('/') + 1);
}

// A tracepoint, a function, or an iterator's objects.
bool HasHook(const btf* vmlinux, std::string_view section) {
  const std::string_view place = PlaceOf(section);
  if (section.starts_with("tp_btf/")) return HasTracepoint(vmlinux, place);
  if (!section.starts_with("iter/")) return HasFunction(vmlinux, place);
  const std::string context = "bpf_iter__" + std::string(place);
  return btf__find_by_name_kind(vmlinux, context.c_str(), BTF_KIND_STRUCT) > 0;
}

// Whether the kernel has what the program needs: the hook of its section, and its function.
bool HasPlaceFor(const btf* vmlinux, bpf_object* object, const HookProgram& program) {
  const std::string_view section =
      bpf_program__section_name(bpf_object__find_program_by_name(object, program.name));
  return HasHook(vmlinux, section) &&
         (program.kernel_function == nullptr || HasFunction(vmlinux, program.kernel_function));
}

// What the kernel says of a function whose arguments are too many for it (Linux before 6.6: above
// six), and no header tells programs.
constexpr int kNotSupported = 524;

std::string DescribeErrno(int error) {
  return error == kNotSupported ? "no programs at this place" : std::strerror(error);
}

// The end of what the verifier said, where it says what is wrong.
std::string TailOf(const std::vector<char>& log) {
  std::string_view text(log.data());
  if (text.size() > kDetailBytes) text.remove_prefix(text.size() - kDetailBytes);
  return std::string(text);
}

// Makes the object of a plan ready to load. Null when it cannot be.
Object OpenObject(const ObjectPlan& plan, std::vector<char>& log) {
  bpf_object_open_opts options = {};
  options.sz = sizeof options;
  const std::string name(plan.collector);
  options.object_name = name.c_str();
  options.kernel_log_buf = log.data();
  options.kernel_log_size = log.size();
  Object object(bpf_object__open_mem(plan.elf.data(), plan.elf.size(), &options));
  if (!object) return nullptr;
  const int cpus = libbpf_num_possible_cpus();
  if (cpus < 1) return nullptr;
  for (const MapPlan& map : plan.maps) {
    bpf_map* const found = bpf_object__find_map_by_name(object.get(), map.name);
    if (found == nullptr) return nullptr;
    if (map.rows_per_cpu != 0) {
      bpf_map__set_max_entries(found, map.rows_per_cpu * static_cast<std::uint32_t>(cpus));
    }
  }
  for (const auto& [map_name, size] : plan.sizes) {
    bpf_map* const found = bpf_object__find_map_by_name(object.get(), map_name.c_str());
    if (found == nullptr) return nullptr;
    bpf_map__set_max_entries(found, size);
  }
  bpf_map* const config = bpf_object__find_map_by_name(object.get(), ".rodata");
  std::size_t size = 0;
  if (config == nullptr || bpf_map__initial_value(config, &size) == nullptr) return nullptr;
  std::vector<std::byte> bytes = plan.config;
  bytes.resize(size);
  if (bpf_map__set_initial_value(config, bytes.data(), size) != 0) return nullptr;
  return object;
}

// Loads `wanted` programs and no others. 0, or a negative errno.
int Load(bpf_object* object, std::span<const char* const> wanted) {
  bpf_program* program = nullptr;
  while ((program = bpf_object__next_program(object, program)) != nullptr) {
    const std::string_view name = bpf_program__name(program);
    const bool load = std::ranges::find(wanted, name) != wanted.end();
    bpf_program__set_autoload(program, load);
  }
  return bpf_object__load(object);
}

ProgramState StateOf(int error) {
  if (error == -kNotSupported) return ProgramState::kNoTracepoint;
  if (error != -EPERM) return ProgramState::kVerifier;
  return MayLoadPrograms() ? ProgramState::kLockdown : ProgramState::kNoPermission;
}

// A hook on its way to a program that works.
struct Choice {
  const Hook* hook;
  ProgramStatus* status;
  std::size_t next = 0;        // The program to try.
  std::optional<int> refused;  // The last error, where one was tried.
  const char* program() const {
    return next < hook->programs.size() ? hook->programs[next].name : nullptr;
  }
};

class Loading {
 public:
  Loading(const ObjectPlan& plan, const btf* vmlinux, std::span<ProgramStatus> statuses)
      : plan_(plan), vmlinux_(vmlinux), statuses_(statuses), log_(kLogBytes) {
    for (std::size_t i = 0; i < plan.hooks.size(); ++i) {
      choices_.push_back({.hook = &plan.hooks[i], .status = &statuses[i], .refused = {}});
    }
  }

  std::unique_ptr<LoadedObject> Run() {
    SkipMissingTracepoints();
    Object object = LoadChosen();
    if (!object) {
      TryEachAlone();
      object = LoadChosen();
    }
    if (!object) return nullptr;
    return Keep(object.get());
  }

 private:
  bool HasPlace(bpf_object* object, const Choice& choice) const {
    return HasPlaceFor(vmlinux_, object, choice.hook->programs[choice.next]);
  }

  void SkipMissingTracepoints() {
    const Object object = OpenObject(plan_, log_);
    for (Choice& choice : choices_) {
      choice.status->state = ProgramState::kNoTracepoint;
      if (!object) choice.next = choice.hook->programs.size();
      while (choice.program() != nullptr && !HasPlace(object.get(), choice)) ++choice.next;
    }
  }

  std::vector<const char*> Chosen() const {
    std::vector<const char*> chosen;
    for (const Choice& choice : choices_) {
      if (choice.program() != nullptr) chosen.push_back(choice.program());
    }
    return chosen;
  }

  Object LoadChosen() {
    const std::vector<const char*> chosen = Chosen();
    if (chosen.empty()) return nullptr;
    Object object = OpenObject(plan_, log_);
    if (!object) return nullptr;
    const int error = Load(object.get(), chosen);
    if (error == 0) return object;
    for (Choice& choice : choices_) {
      if (choice.program() != nullptr) Refuse(choice, error);
    }
    return nullptr;
  }

  void Refuse(Choice& choice, int error) {
    choice.status->state = StateOf(error);
    choice.status->detail = DescribeErrno(-error) + "\n" + TailOf(log_);
  }

  void TryEachAlone() {
    for (Choice& choice : choices_) {
      for (; choice.program() != nullptr; ++choice.next) {
        const char* const name = choice.program();
        const Object object = OpenObject(plan_, log_);
        if (!object) continue;
        if (!HasPlace(object.get(), choice)) continue;
        const int error = Load(object.get(), {&name, 1});
        if (error == 0) break;
        Refuse(choice, error);
      }
    }
  }

  std::unique_ptr<LoadedObject> Keep(bpf_object* object) {
    auto loaded = std::make_unique<LoadedObject>();
    for (const MapPlan& map : plan_.maps) {
      if (!KeepMap(object, map, *loaded)) return nullptr;
    }
    for (const auto& [name, size] : plan_.sizes) {
      const bpf_map* const map = bpf_object__find_map_by_name(object, name.c_str());
      loaded->map_fds.emplace(name, Copy(bpf_map__fd(map)));
    }
    for (Choice& choice : choices_) {
      if (choice.program() != nullptr) Attach(object, choice, *loaded);
    }
    if (loaded->programs.empty()) return nullptr;
    return loaded;
  }

  bool KeepMap(bpf_object* object, const MapPlan& plan, LoadedObject& loaded) {
    const bpf_map* const map = bpf_object__find_map_by_name(object, plan.name);
    const std::size_t value = (std::size_t{bpf_map__value_size(map)} + 7) / 8 * 8;
    const std::size_t size = value * bpf_map__max_entries(map);
    const int protection = plan.writable ? PROT_READ | PROT_WRITE : PROT_READ;
    void* const memory = mmap(nullptr, size, protection, MAP_SHARED, bpf_map__fd(map), 0);
    if (memory == MAP_FAILED) {
      for (Choice& choice : choices_) Refuse(choice, -errno);
      return false;
    }
    loaded.maps.emplace(plan.name, MapMemory(memory, size));
    return true;
  }

  // The library's own objects go when the caller closes the object; what keeps a program at work
  // is its link's descriptor.
  void Attach(bpf_object* object, Choice& choice, LoadedObject& loaded) {
    bpf_program* const program = bpf_object__find_program_by_name(object, choice.program());
    bpf_link* const link = bpf_program__attach(program);
    if (link == nullptr) {
      const int error = -errno;
      log_.front() = '\0';
      Refuse(choice, error);
      return;
    }
    choice.status->state = ProgramState::kOk;
    choice.status->hook = bpf_program__section_name(program);
    if (choice.next == 0) choice.status->detail.clear();
    loaded.programs.push_back({.status = static_cast<std::size_t>(choice.status - statuses_.data()),
                               .link = Copy(bpf_link__fd(link)),
                               .program = Copy(bpf_program__fd(program))});
    bpf_link__destroy(link);
  }

  const ObjectPlan& plan_;
  const btf* vmlinux_;
  std::span<ProgramStatus> statuses_;
  std::vector<char> log_;
  std::vector<Choice> choices_;
};

}  // namespace

std::unique_ptr<LoadedObject> LoadObject(const ObjectPlan& plan, const btf* vmlinux,
                                         std::span<ProgramStatus> statuses) {
  return Loading(plan, vmlinux, statuses).Run();
}

std::optional<std::uint64_t> MissedRuns(const Fd& program) {
  bpf_prog_info info = {};
  __u32 size = sizeof info;
  constexpr std::size_t kEnd =
      offsetof(bpf_prog_info, recursion_misses) + sizeof info.recursion_misses;
  if (bpf_obj_get_info_by_fd(program.get(), &info, &size) != 0 || size < kEnd) return std::nullopt;
  return info.recursion_misses;
}

}  // namespace netstack
