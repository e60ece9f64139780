#include "kernel/bpf/queue_watcher.h"

#include <algorithm>
#include <atomic>

#include "kernel/bpf/objects.h"
#include "kernel/bpf/own_namespace.h"
#include "kernel/bpf/type_information.h"

namespace netstack {
namespace {

void Raise(std::uint64_t& place, std::uint64_t value) {
  place = std::max(place, value);
}

void RaiseFill(double& place, std::uint32_t fill) {
  place = std::max(place, static_cast<double>(fill) / NETSTACK_FILL_UNIT);
}

void RaisePeaks(QueuePeaks& peaks, const netstack_peak_lane& lane) {
  Raise(peaks.unread, lane.unread);
  Raise(peaks.send_queue, lane.send_queue);
  Raise(peaks.unsent, lane.unsent);
  Raise(peaks.receive_memory, lane.receive_memory);
  Raise(peaks.send_memory, lane.send_memory);
  RaiseFill(peaks.receive_fill, lane.receive_fill);
  RaiseFill(peaks.send_fill, lane.send_fill);
}

bool IsShown(std::uint32_t epoch, const PeakWindow& window) {
  return epoch >= window.oldest() && epoch <= window.epoch();
}

void AddBins(const __u64 (&bins)[NETSTACK_DEPTH_BINS], BinnedValues& out) {
  for (std::size_t bin = 0; bin < NETSTACK_DEPTH_BINS; ++bin) out.bins[bin] += bins[bin];
}

// The numbers that no port has.
constexpr std::array<QueueGroup::Kind, NETSTACK_PEAK_FIRST> kUnnamed = {
    QueueGroup::Kind::kOther, QueueGroup::Kind::kOtherNamespaces};

}  // namespace

ObjectPlan QueuePlan(const btf* types, std::uint32_t per_socket) {
  const netstack_peak_config config = {
      .netns = OwnNetworkNamespace(),
      .per_socket = per_socket == 0 ? 0u : 1u,
      .sees_arrival = HasTracepoint(types, "sk_data_ready") ? 1u : 0u};
  return {.collector = "queue_peaks",
          .elf = QueuePeaksElf(),
          .hooks = kQueueHooks,
          .maps = {{.name = "peak_areas", .rows_per_cpu = 1}, {.name = ".bss", .writable = true}},
          .config = BytesOf(config),
          .sizes = {{"sockets", std::max(per_socket, 1u)}}};
}

std::shared_ptr<QueueWatcher> QueueWatcher::Load(const btf* types,
                                                 std::span<ProgramStatus> statuses) {
  std::unique_ptr<LoadedObject> object = LoadObject(QueuePlan(types, 0), types, statuses);
  if (!object) return nullptr;
  const auto arrivals = std::ranges::find(statuses, "sk_data_ready", &ProgramStatus::name);
  return std::shared_ptr<QueueWatcher>(new QueueWatcher(std::move(object), *arrivals));
}

QueueWatcher::QueueWatcher(std::unique_ptr<LoadedObject> object, const ProgramStatus& arrivals)
    : object_(std::move(object)),
      sees_listeners_(arrivals.state == ProgramState::kOk),
      sees_datagrams_(arrivals.hook == "tp_btf/sk_data_ready"),
      settings_(object_->maps.find(".bss")->second.Only<netstack_peak_settings>()),
      areas_(object_->maps.find("peak_areas")->second.Rows<netstack_peak_area>()),
      groups_(settings_.in, settings_.out, NETSTACK_PEAK_FIRST),
      window_(Clock::now()),
      bases_(NETSTACK_PEAK_GROUPS) {
  SetEra();
}

// At once, and after what it is to tell of.
void QueueWatcher::SetEra() {
  const __u64 era = std::uint64_t{changes_ & INT32_MAX} << 32 | window_.epoch() |
                    (looks_at_all_ ? NETSTACK_PEAK_ALL : 0);
  std::atomic_ref(settings_.era).store(era, std::memory_order_release);
}

void QueueWatcher::LookAtAll(bool all) {
  const std::scoped_lock lock(mutex_);
  if (all == looks_at_all_) return;
  looks_at_all_ = all;
  SetEra();
}

void QueueWatcher::SetPorts(std::span<const std::uint16_t> listening,
                            std::span<const std::uint16_t> remote, std::size_t most) {
  const std::scoped_lock lock(mutex_);
  // A number's peaks are shown for an epoch more than the look-back.
  groups_.Assign(listening, remote, most, Clock::now(), 2 * look_back_);
  for (std::size_t i = 0; i < groups_.groups().size(); ++i) {
    if (!groups_.groups()[i].is_new) continue;
    const std::size_t number = i + NETSTACK_PEAK_FIRST;
    bases_[number] = {};
    QueueGroup now;
    ReadGroup(number, now);
    bases_[number] = {.received_bytes = now.received_bytes, .arrivals = now.arrivals};
    ++changes_;
  }
  SetEra();
}

void QueueWatcher::ReadGroup(std::size_t number, QueueGroup& out) const {
  for (const netstack_peak_area& area : areas_) {
    out.arrivals += area.arrivals[number];
    for (std::size_t at = number; at < std::size(area.lanes); at += NETSTACK_PEAK_GROUPS) {
      const netstack_peak_lane& lane = area.lanes[at];
      out.received_bytes += lane.received_bytes;
      if (!IsShown(lane.epoch, window_)) continue;
      RaisePeaks(out.peaks, lane);
      Raise(out.accept_queue, lane.accept_queue);
      RaiseFill(out.accept_fill, lane.accept_fill);
    }
  }
  out.received_bytes -= bases_[number].received_bytes;
  out.arrivals -= bases_[number].arrivals;
}

// Sums are in the lanes of the groups, of which none beyond `groups` was ever in use.
void QueueWatcher::ReadDepths(std::size_t groups, QueueRecord& out) const {
  for (const netstack_peak_area& area : areas_) {
    AddBins(area.unread, out.unread);
    AddBins(area.send_queue, out.send_queue);
    for (std::size_t at = 0; at < std::size(area.lanes); at += NETSTACK_PEAK_GROUPS) {
      for (const netstack_peak_lane& lane : std::span(area.lanes).subspan(at, groups)) {
        out.unread.sum += lane.unread_sum;
        out.send_queue.sum += lane.send_queue_sum;
      }
    }
    for (const netstack_peak_lane& lane : area.datagram) {
      if (!IsShown(lane.epoch, window_)) continue;
      Raise(out.datagram_memory, lane.receive_memory);
      RaiseFill(out.datagram_fill, lane.receive_fill);
    }
  }
}

void QueueWatcher::Read(Clock::time_point now, std::chrono::nanoseconds look_back,
                        QueueRecord& out) {
  const std::scoped_lock lock(mutex_);
  look_back_ = look_back;
  window_.Read(now, look_back);
  SetEra();
  out.groups.clear();
  out.unread = out.send_queue = {};
  out.datagram_memory = 0;
  out.datagram_fill = 0;
  out.gaps = window_.gaps();
  out.ports_without_group = groups_.ports_without_group();
  out.sees_listeners = sees_listeners_;
  out.sees_datagrams = sees_datagrams_;
  for (std::size_t number = 0; number < groups_.groups().size() + NETSTACK_PEAK_FIRST; ++number) {
    QueueGroup& group = out.groups.emplace_back();
    ReadGroup(number, group);
    if (number < NETSTACK_PEAK_FIRST) {
      group.kind = kUnnamed.at(number);
      continue;
    }
    const PeakGroups::Group& named = groups_.groups()[number - NETSTACK_PEAK_FIRST];
    group.kind = named.is_remote ? QueueGroup::Kind::kOut : QueueGroup::Kind::kIn;
    group.port = named.port;
  }
  ReadDepths(out.groups.size(), out);
}

}  // namespace netstack
