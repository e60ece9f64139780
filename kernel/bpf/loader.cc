#include "kernel/bpf/loader.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <sys/mman.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <utility>

#include "kernel/bpf/program_object.h"
#include "kernel/capabilities.h"

namespace netstack {

MapMemory::~MapMemory() {
  if (memory_ != nullptr) munmap(memory_, size_);
}

namespace {

constexpr std::size_t kLogBytes = 64 << 10;
constexpr std::size_t kDetailBytes = 500;

Fd Copy(int fd) {
  return Fd(fcntl(fd, F_DUPFD_CLOEXEC, 0));
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

// `otherwise`: of errors that can have any cause.
ProgramState StateOf(int error, ProgramState otherwise) {
  if (error == -kNotSupported) return ProgramState::kNoTracepoint;
  if (error != -EPERM) return otherwise;
  return MayLoadPrograms() ? ProgramState::kLockdown : ProgramState::kNoPermission;
}

struct LinkCloser {
  void operator()(bpf_link* link) const { bpf_link__destroy(link); }
};
using Link = std::unique_ptr<bpf_link, LinkCloser>;

// A hook on its way to a program that works.
struct Choice {
  const Hook* hook;
  ProgramStatus* status;
  std::size_t next = 0;  // The program to try.
  Link link = nullptr;   // Of that program, where it is at work.
  const char* program() const {
    return next < hook->programs.size() ? hook->programs[next].name : nullptr;
  }
};

class Loading {
 public:
  Loading(const ObjectPlan& plan, const btf* vmlinux, std::span<ProgramStatus> statuses)
      : plan_(plan), vmlinux_(vmlinux), statuses_(statuses), log_(kLogBytes) {
    for (std::size_t i = 0; i < plan.hooks.size(); ++i) {
      choices_.push_back({.hook = &plan.hooks[i], .status = &statuses[i]});
    }
  }

  // Programs of an object have maps in common and are loaded together, so where one cannot be
  // attached all begin again with its next one.
  std::unique_ptr<LoadedObject> Run() {
    SkipMissingPlaces();
    for (;;) {
      const ProgramObject object = LoadChosenOrEach();
      if (!object) return nullptr;
      if (AttachAll(object.get())) return Keep(object.get());
    }
  }

 private:
  void SkipToPlace(const bpf_object* object, Choice& choice) const {
    while (choice.program() != nullptr &&
           !HasPlaceFor(vmlinux_, object, choice.hook->programs[choice.next])) {
      ++choice.next;
    }
  }

  void SkipMissingPlaces() {
    const ProgramObject object = OpenObject(plan_, log_);
    for (Choice& choice : choices_) {
      choice.status->state = ProgramState::kNoTracepoint;
      if (!object) choice.next = choice.hook->programs.size();
      SkipToPlace(object.get(), choice);
    }
  }

  ProgramObject LoadChosenOrEach() {
    int error = 0;
    ProgramObject object = LoadChosen(error);
    if (!object && error != 0) {
      TryEachAlone();
      object = LoadChosen(error);
    }
    if (object) return object;
    for (Choice& choice : choices_) {
      if (choice.program() != nullptr) Refuse(choice, error, ProgramState::kVerifier);
    }
    return nullptr;
  }

  // Null without an error when nothing is left to load.
  ProgramObject LoadChosen(int& error) {
    error = 0;
    std::vector<const char*> chosen;
    for (const Choice& choice : choices_) {
      if (choice.program() != nullptr) chosen.push_back(choice.program());
    }
    if (chosen.empty()) return nullptr;
    ProgramObject object = OpenObject(plan_, log_);
    error = object ? LoadPrograms(object.get(), chosen) : -ENOMEM;
    return error == 0 ? std::move(object) : nullptr;
  }

  void Refuse(Choice& choice, int error, ProgramState otherwise) {
    choice.status->state = StateOf(error, otherwise);
    choice.status->detail = DescribeErrno(-error) + "\n" + TailOf(log_);
  }

  void TryEachAlone() {
    for (Choice& choice : choices_) {
      while (choice.program() != nullptr) {
        const char* const name = choice.program();
        const ProgramObject object = OpenObject(plan_, log_);
        const int error = object ? LoadPrograms(object.get(), {&name, 1}) : -ENOMEM;
        if (error == 0) break;
        Refuse(choice, error, ProgramState::kVerifier);
        ++choice.next;
        if (object) SkipToPlace(object.get(), choice);
      }
    }
  }

  // False when there is another program for a place where one could not be attached.
  bool AttachAll(const bpf_object* object) {
    bool is_done = true;
    for (Choice& choice : choices_) {
      if (choice.program() == nullptr || Attach(object, choice)) continue;
      ++choice.next;
      SkipToPlace(object, choice);
      is_done = is_done && choice.program() == nullptr;
    }
    if (!is_done) {
      for (Choice& choice : choices_) choice.link.reset();
    }
    return is_done;
  }

  bool Attach(const bpf_object* object, Choice& choice) {
    choice.link.reset(
        bpf_program__attach(bpf_object__find_program_by_name(object, choice.program())));
    if (choice.link != nullptr) return true;
    const int error = -errno;
    log_.front() = '\0';
    Refuse(choice, error, ProgramState::kNotAttached);
    return false;
  }

  std::unique_ptr<LoadedObject> Keep(const bpf_object* object) {
    auto loaded = std::make_unique<LoadedObject>();
    for (const MapPlan& map : plan_.maps) {
      if (!KeepMap(object, map, *loaded)) return nullptr;
    }
    for (const auto& [name, size] : plan_.sizes) {
      const bpf_map* const map = bpf_object__find_map_by_name(object, name.c_str());
      loaded->map_fds.emplace(name, Copy(bpf_map__fd(map)));
    }
    for (Choice& choice : choices_) {
      if (choice.link != nullptr) KeepProgram(object, choice, *loaded);
    }
    if (loaded->programs.empty()) return nullptr;
    return loaded;
  }

  bool KeepMap(const bpf_object* object, const MapPlan& plan, LoadedObject& loaded) {
    const bpf_map* const map = bpf_object__find_map_by_name(object, plan.name);
    const std::size_t value = (std::size_t{bpf_map__value_size(map)} + 7) / 8 * 8;
    const std::size_t size = value * bpf_map__max_entries(map);
    const int protection = plan.writable ? PROT_READ | PROT_WRITE : PROT_READ;
    void* const memory = mmap(nullptr, size, protection, MAP_SHARED, bpf_map__fd(map), 0);
    if (memory == MAP_FAILED) {
      const int error = -errno;
      log_.front() = '\0';
      for (Choice& choice : choices_) Refuse(choice, error, ProgramState::kVerifier);
      return false;
    }
    loaded.maps.emplace(plan.name, MapMemory(memory, size));
    return true;
  }

  // The library's own objects go when the caller closes the object; what keeps a program at work
  // is its link's descriptor.
  void KeepProgram(const bpf_object* object, Choice& choice, LoadedObject& loaded) {
    const bpf_program* const program = bpf_object__find_program_by_name(object, choice.program());
    ProgramStatus& status = *choice.status;
    if (choice.next == 0) {
      status.detail.clear();
    } else {
      status.last_failure = status.state;
    }
    status.state = ProgramState::kOk;
    status.hook = bpf_program__section_name(program);
    loaded.programs.push_back({.status = static_cast<std::size_t>(&status - statuses_.data()),
                               .link = Copy(bpf_link__fd(choice.link.get())),
                               .program = Copy(bpf_program__fd(program))});
    choice.link.reset();
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
