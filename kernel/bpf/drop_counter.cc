#include "kernel/bpf/drop_counter.h"

#include <algorithm>
#include <cstring>

#include "kernel/bpf/drop_places.h"
#include "kernel/bpf/function_addresses.h"
#include "kernel/bpf/objects.h"
#include "kernel/bpf/own_namespace.h"
#include "kernel/bpf/programs/layouts.h"
#include "kernel/bpf/type_information.h"

namespace netstack {
namespace {

constexpr std::array<const char*, NETSTACK_DROP_SUBSYSTEMS> kMadeUp = {
    "unknown", "SUBSYSTEM_1", "SUBSYSTEM_2", "SUBSYSTEM_3"};

std::string MadeUpName(std::size_t cell) {
  return std::string(kMadeUp.at(cell / NETSTACK_DROP_REASONS)) + "_" +
         std::to_string(cell % NETSTACK_DROP_REASONS);
}

// Whether the tracepoint tells so much.
constexpr std::size_t kReasonArgument = 3;
constexpr std::size_t kSocketArgument = 4;
// Where udp_fail_queue_rcv_skb has more arguments, it comes before the packet is thrown away.
constexpr std::size_t kLateArguments = 2;
std::uint32_t Knows(const btf* types, std::size_t argument) {
  return ArgumentsOf(types, "kfree_skb") >= argument ? 1 : 0;
}

// The cell of each place: one for each reason.
constexpr auto kCells = [] {
  std::array<std::uint32_t, kDropPlaces.size()> cells = {};
  std::uint32_t cell = NETSTACK_DROP_FIRST_PLACE - 1;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i == 0 || kDropPlaces[i].reason != kDropPlaces[i - 1].reason) ++cell;
    cells[i] = cell;
  }
  return cells;
}();
static_assert(kCells.back() < NETSTACK_DROP_REASONS - 1);

// Finds the functions that give no reason, and names the cells of those that are there. False when
// none is.
bool FindPlaces(std::vector<std::string>& reasons, netstack_drop_config& config) {
  std::array<std::string_view, kDropPlaces.size()> functions;
  std::ranges::transform(kDropPlaces, functions.begin(), &DropPlace::function);
  std::size_t next = 0;
  for (const FunctionPart& part : FindFunctions("/proc/kallsyms", functions)) {
    if (next == NETSTACK_DROP_PARTS) break;
    const DropPlace& place = kDropPlaces.at(part.function);
    const std::uint32_t cell = kCells.at(part.function);
    config.parts[next++] = {.start = part.start, .size = part.end - part.start, .cell = cell};
    if (place.unless_to_be_sent) config.flags[cell] |= NETSTACK_DROP_NOT_TO_BE_SENT;
    reasons[cell] = place.reason;
  }
  return next != 0;
}

// Where the kernel tells the socket of every packet, and where it tells no reasons, the second
// program is of no use.
std::span<const Hook> HooksOf(const btf* types, const netstack_drop_config& config,
                              ProgramStatus& second) {
  if (config.knows_socket != 0 || config.knows_reason == 0) {
    second.state = ProgramState::kDisabled;
    second.detail = "of no use on this kernel";
  } else if (ArgumentsOf(types, "udp_fail_queue_rcv_skb") != kLateArguments) {
    second.state = ProgramState::kNoTracepoint;
  } else {
    return kDropHooks;
  }
  return std::span(kDropHooks).first(1);
}

__u8 FlagsOf(std::string_view reason) {
  int flags = 0;
  if (HasDevice(reason)) flags |= NETSTACK_DROP_DIRECTION;
  if (IsAtDevice(reason)) flags |= NETSTACK_DROP_AT_DEVICE;
  if (IsAtSocket(reason)) flags |= NETSTACK_DROP_AT_SOCKET;
  if (reason == "SOCKET_RCVBUFF" || reason == "PROTO_MEM") flags |= NETSTACK_DROP_AT_QUEUE;
  return static_cast<__u8>(flags);
}

}  // namespace

void DropCounter::Name(const std::vector<std::string>& reasons, netstack_drop_config& config) {
  for (std::size_t cell = 0; cell < reasons.size(); ++cell) {
    const std::string& reason = reasons[cell];
    is_named_.push_back(!reason.empty());
    names_.push_back(reason.empty() ? MadeUpName(cell) : reason);
    config.flags[cell] |= FlagsOf(reason);
    if (reason.empty() || device_names_.size() == NETSTACK_DROP_NAMES) continue;
    config.names[cell] = static_cast<__u8>(device_names_.size());
    device_names_.push_back(reason);
  }
}

std::shared_ptr<DropCounter> DropCounter::Load(const btf* types,
                                               std::span<ProgramStatus> statuses) {
  DropReasons reasons = ReadDropReasons(types);
  netstack_drop_config config = {.first_reason = reasons.first,
                                 .netns = OwnNetworkNamespace(),
                                 .knows_reason = Knows(types, kReasonArgument),
                                 .knows_socket = Knows(types, kSocketArgument),
                                 .parts = {},
                                 .flags = {},
                                 .names = {}};
  const bool has_places = FindPlaces(reasons.names, config);
  if (config.knows_reason == 0) {
    if (!has_places) {
      statuses.front().state = ProgramState::kNoTracepoint;
      statuses.front().detail = "this kernel gives no reasons";
      return nullptr;
    }
    reasons.names.front() = "NOT_SPECIFIED";
  }
  std::shared_ptr<DropCounter> counter(new DropCounter);
  counter->Name(reasons.names, config);
  const ObjectPlan plan = {
      .collector = "drops",
      .elf = DropsElf(),
      .hooks = HooksOf(types, config, statuses.back()),
      .maps = {{.name = "drop_rows", .rows_per_cpu = NETSTACK_DROP_CELLS},
               {.name = "drop_device_rows", .rows_per_cpu = NETSTACK_DROP_DEVICES},
               {.name = "drop_unclaimed", .rows_per_cpu = 1},
               {.name = ".bss", .writable = true}},
      .config = BytesOf(config),
  };
  counter->object_ = LoadObject(plan, types, statuses);
  if (!counter->object_) return nullptr;
  if (!has_places) {
    statuses.front().detail = "/proc/kallsyms does not show where the kernel's functions are";
  }
  counter->knows_namespaces_ = statuses.front().hook.starts_with("tp_btf/");
  return counter;
}

void DropCounter::Read(std::vector<DropCount>& out) {
  const auto rows = object_->maps.find("drop_rows")->second.Rows<netstack_drop_row>();
  out.clear();
  for (std::size_t cell = 0; cell < names_.size(); ++cell) {
    DropCount count = {.reason = names_[cell]};
    for (std::size_t at = cell; at < rows.size(); at += names_.size()) {
      count.packets += rows[at].packets;
      count.received += rows[at].received;
      count.sent += rows[at].sent;
    }
    if (is_named_[cell] || count.packets != 0) out.push_back(count);
  }
}

std::uint64_t DropCounter::SumOf(std::size_t device, std::size_t name) const {
  const auto rows = object_->maps.find("drop_device_rows")->second.Rows<netstack_drop_device_row>();
  std::uint64_t sum = 0;
  for (std::size_t at = device; at < rows.size(); at += NETSTACK_DROP_DEVICES) {
    sum += rows[at].packets[name];
  }
  return sum;
}

void DropCounter::SetDevices(std::span<const std::uint32_t> ifindexes) {
  const std::scoped_lock lock(mutex_);
  auto& settings = object_->maps.find(".bss")->second.Only<netstack_drop_settings>();
  devices_.Assign(ifindexes, [&](std::size_t number) {
    for (std::size_t name = 0; name < device_names_.size(); ++name) {
      bases_[number][name] = SumOf(number, name);
    }
  });
  without_row_ = devices_.without();
  std::ranges::copy(devices_.keys(), settings.devices);
  settings.by_device = 1;
}

void DropCounter::AddDevice(std::size_t number, bool all, std::vector<DeviceDropCount>& out) const {
  for (std::size_t name = 0; name < device_names_.size(); ++name) {
    if (!all && !IsCountedByDevice(device_names_[name])) continue;
    out.push_back({.ifindex = devices_.keys()[number],
                   .reason = device_names_[name],
                   .packets = SumOf(number, name) - bases_[number][name]});
  }
}

void DropCounter::ReadDevices(bool all, std::vector<DeviceDropCount>& out) {
  const std::scoped_lock lock(mutex_);
  out.clear();
  for (std::size_t number = 1; number < NETSTACK_DROP_DEVICES; ++number) {
    if (devices_.keys()[number] != 0) AddDevice(number, all, out);
  }
  AddDevice(0, all, out);
}

}  // namespace netstack
