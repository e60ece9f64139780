#include "kernel/bpf/socket_peaks.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

#include "kernel/bpf/programs/layouts.h"
#include "kernel/bpf/queue_watcher.h"
#include "kernel/bpf/type_information.h"
#include "kernel/capabilities.h"

namespace netstack {
namespace {

constexpr std::chrono::milliseconds kGrace(1);
// Intervals after which a connection that stands still makes room in the kernel.
constexpr std::uint32_t kIdleIntervals = 60;

SocketPeak PeakOf(const netstack_socket_key& key, const netstack_socket_value& value,
                  const netstack_socket_lane& lane) {
  SocketPeak peak = {.local_port = key.local_port,
                     .remote_port = key.remote_port,
                     .unread = lane.unread,
                     .send_queue = lane.send_queue,
                     .received_bytes = value.received_bytes,
                     .written_bytes = value.written_bytes};
  std::memcpy(peak.local_address.data(), key.local, sizeof key.local);
  std::memcpy(peak.remote_address.data(), key.remote, sizeof key.remote);
  return peak;
}

class KernelSocketPeaks : public SocketPeaks {
 public:
  KernelSocketPeaks(std::unique_ptr<LoadedObject> object, const Options& options)
      : object_(std::move(object)),
        map_(object_->map_fds.find("sockets")->second.get()),
        settings_(object_->maps.find(".bss")->second.Only<netstack_peak_settings>()) {
    SetEpoch(1);
    std::ranges::fill(settings_.recorded, options.ports.empty() ? 1 : 0);
    for (const std::uint16_t port : options.ports) settings_.recorded[port] = 1;
  }

  void Next(std::vector<SocketPeak>& out) override {
    out.clear();
    idle_.clear();
    const std::uint32_t ended = epoch_;
    SetEpoch(ended + 1);
    std::this_thread::sleep_for(kGrace);
    netstack_socket_key key = {};
    const netstack_socket_key* last = nullptr;
    while (bpf_map_get_next_key(map_, last, &key) == 0) {
      Look(key, ended, out);
      last_ = key;
      last = &last_;
    }
    for (const netstack_socket_key& gone : idle_) bpf_map_delete_elem(map_, &gone);
  }

  std::uint64_t lost() const override {
    std::uint64_t lost = *static_cast<const volatile __u32*>(&settings_.sockets_lost);
    for (const LoadedObject::Program& program : object_->programs) {
      lost += MissedRuns(program.program).value_or(0);
    }
    return lost;
  }

  // Tried by a thread that gives its capabilities up: they are a thread's.
  bool NeedsPrivilege() const override {
    bool is_refused = false;
    std::thread([&] {
      netstack_socket_key key = {};
      if (Status dropped = DropCapabilities({}); !dropped) return;
      is_refused = bpf_map_get_next_key(map_, nullptr, &key) != 0 && errno == EPERM;
    }).join();
    return is_refused;
  }

 private:
  void SetEpoch(std::uint32_t epoch) {
    epoch_ = epoch;
    *static_cast<volatile __u64*>(&settings_.era) = epoch;
  }

  void Look(const netstack_socket_key& key, std::uint32_t ended, std::vector<SocketPeak>& out) {
    netstack_socket_value value = {};
    if (bpf_map_lookup_elem(map_, &key, &value) != 0) return;
    const netstack_socket_lane& lane = value.lanes[ended % 2];
    if (lane.epoch != ended) {
      const std::uint32_t latest = std::max(value.lanes[0].epoch, value.lanes[1].epoch);
      if (latest + kIdleIntervals < ended) idle_.push_back(key);
      return;
    }
    out.push_back(PeakOf(key, value, lane));
  }

  const std::unique_ptr<LoadedObject> object_;
  const int map_;
  netstack_peak_settings& settings_;
  std::uint32_t epoch_ = 0;
  netstack_socket_key last_ = {};
  std::vector<netstack_socket_key> idle_;
};

}  // namespace

Result<std::unique_ptr<SocketPeaks>> SocketPeaks::Open(const Options& options) {
  const auto fail = [](ErrorKind kind, std::string what) {
    return Error{.kind = kind, .path = "eBPF", .what = std::move(what)};
  };
  if (!MayLoadPrograms()) {
    return fail(ErrorKind::kNoPermission, "CAP_BPF and CAP_PERFMON are missing");
  }
  libbpf_set_print(nullptr);
  const Btf types = LoadKernelBtf();
  if (types == nullptr) return fail(ErrorKind::kUnsupported, "the kernel has no type information");
  std::vector<ProgramStatus> statuses = AllIn(kCollectorHooks[1], ProgramState::kDisabled);
  std::unique_ptr<LoadedObject> object =
      LoadObject(QueuePlan(types.get(), options.max_sockets), types.get(), statuses);
  // Without this one nothing of an established connection is seen.
  if (object == nullptr || statuses.front().state != ProgramState::kOk) {
    return fail(ErrorKind::kUnsupported, std::string(statuses.front().name) + ": " +
                                             std::string(Slug(statuses.front().state)) + " " +
                                             statuses.front().detail);
  }
  return std::unique_ptr<SocketPeaks>(
      std::make_unique<KernelSocketPeaks>(std::move(object), options));
}

}  // namespace netstack
