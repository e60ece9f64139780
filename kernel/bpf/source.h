#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/bpf/program_status.h"

namespace netstack {

// What the programs in the kernel have counted, as records. Reading changes nothing: any number of
// readers see the same. All counters start at 0 when the programs are loaded.

// Packets thrown away, by reason (tracepoint skb:kfree_skb).
struct DropCount {
  std::string_view reason;     // As the running kernel calls it, without SKB_DROP_REASON_:
                               // "NETFILTER_DROP"; "unknown_130", "OPENVSWITCH_3" without a name.
  std::uint64_t packets = 0;   // Of all network namespaces.
  std::uint64_t received = 0;  // Of those, on their way in by a device of ours...
  std::uint64_t sent = 0;      // ...and on their way out. Both only for HasDevice() reasons.
  bool operator==(const DropCount&) const = default;
};

// True for reasons at which sk_buff.dev is a device, or null. At sockets and in reassembly it
// shares its place with something else.
bool IsAtDevice(std::string_view reason);
// True for reasons for which sockets throw packets away. IsAtDevice() is not.
bool IsAtSocket(std::string_view reason);
// True for those at devices of which the ledger wants the direction: `received` and `sent` are
// counted.
bool HasDevice(std::string_view reason);
// True for those that the ledger wants by device: what a device counts as rx_dropped.
bool IsCountedByDevice(std::string_view reason);

// Those of them of which the device of our namespace is known: at which they were thrown away, or,
// at sockets, by which they came.
struct DeviceDropCount {
  std::uint32_t ifindex = 0;  // 0: devices without a row of their own, together.
  std::string_view reason;    // "unknown" for all without a name.
  std::uint64_t packets = 0;  // Since the device has its row.
  bool operator==(const DeviceDropCount&) const = default;
};

class DropSource {
 public:
  virtual ~DropSource() = default;
  // Which devices have a row of their own, the first ones if not all can. Until the first call
  // nothing is counted by device. A device keeps its row for as long as it is named.
  virtual void SetDevices(std::span<const std::uint32_t> ifindexes) = 0;
  // Of each device that was named, then of all others: every reason that the kernel has a name for,
  // 0 or not; unless `all`, only IsCountedByDevice() ones.
  virtual void ReadDevices(bool all, std::vector<DeviceDropCount>& out) = 0;
  // Devices that were named and got no row.
  virtual std::size_t devices_without_row() const = 0;
  // Every reason that the kernel has a name for, 0 or not, and others that were seen.
  virtual void Read(std::vector<DropCount>& out) = 0;
  // False when packets are counted, but neither `received` nor `sent`.
  virtual bool KnowsNamespaces() const = 0;
};

// Values by the power of two: bin b counts those above 2^(b-1) and up to 2^b.
struct BinnedValues {
  std::array<std::uint64_t, 32> bins = {};
  std::uint64_t sum = 0;
  bool operator==(const BinnedValues&) const = default;
};

// The highest of each within the look-back. Bytes; a fill is memory over the socket's limit.
struct QueuePeaks {
  std::uint64_t unread = 0;      // Received and not yet read.
  std::uint64_t send_queue = 0;  // Written and not yet acknowledged.
  std::uint64_t unsent = 0;      // The part of it that was never sent.
  std::uint64_t receive_memory = 0;
  std::uint64_t send_memory = 0;
  double receive_fill = 0;
  double send_fill = 0;
  bool operator==(const QueuePeaks&) const = default;
};

struct QueueGroup {
  enum class Kind : std::uint8_t { kIn, kOut, kOther, kOtherNamespaces };
  Kind kind = Kind::kOther;
  std::uint16_t port = 0;  // kIn: a local port that listens. kOut: a remote one.
  QueuePeaks peaks = {};
  std::uint64_t accept_queue = 0;  // Connections, the highest within the look-back.
  double accept_fill = 0;
  std::uint64_t received_bytes = 0;  // In order, since the group is there.
  std::uint64_t arrivals = 0;        // Connections put into the accept queue.
  bool operator==(const QueueGroup&) const = default;
};

struct QueueRecord {
  std::vector<QueueGroup> groups = {};  // kOther and kOtherNamespaces are the first two.
  BinnedValues unread = {};             // Looked at whenever data came.
  BinnedValues send_queue = {};         // Looked at whenever a segment came.
  std::uint64_t datagram_memory = 0;    // UDP: the highest of one socket within the look-back.
  double datagram_fill = 0;
  std::uint64_t gaps = 0;               // Times nobody read for longer than the look-back.
  std::size_t ports_without_group = 0;  // Listening or configured ports beyond the groups.
  bool sees_listeners = false;          // Accept queues are looked at.
  bool sees_datagrams = false;          // And UDP.
};

// The depth of socket queues (tracepoints tcp_probe, sk_data_ready, tcp_sendmsg_locked).
class QueueSource {
 public:
  using Clock = std::chrono::steady_clock;
  virtual ~QueueSource() = default;

  // Which ports have a group of their own: local ports on which somebody listens, and remote ones;
  // the lowest first, at most `most` together. A port keeps its group for as long as it is named.
  virtual void SetPorts(std::span<const std::uint16_t> listening,
                        std::span<const std::uint16_t> remote, std::size_t most) = 0;

  // Whether what only a page with everything shows is looked at: `unsent`, memory in bytes, depths,
  // kOtherNamespaces. It is, until this is called: each segment takes longer then.
  virtual void LookAtAll(bool all) = 0;

  // Peaks of the time from `look_back` before `now`, or a little longer: never less.
  virtual void Read(Clock::time_point now, std::chrono::nanoseconds look_back,
                    QueueRecord& out) = 0;
};

// The time that TCP takes to make room in receive buffers that are full: nanoseconds.
struct PruneRecord {
  BinnedValues collapse = {};  // Merging segments (tcp_collapse).
  BinnedValues prune = {};     // Throwing away segments out of order (tcp_prune_ofo_queue).
  std::uint64_t lost = 0;      // Not timed, for too many were under way.
  bool sees_collapse = false;
  bool sees_prune = false;
  bool operator==(const PruneRecord&) const = default;
};

class PruneSource {
 public:
  virtual ~PruneSource() = default;
  virtual void Read(PruneRecord& out) = 0;
};

// The wait of connections in the accept queues of a port, as they were accepted. Bins are of units
// of 2^10 nanoseconds, the sum of nanoseconds.
struct AcceptWaits {
  std::uint16_t port = 0;
  BinnedValues waits = {};
  bool operator==(const AcceptWaits&) const = default;
};

struct AcceptRecord {
  std::vector<AcceptWaits> listeners = {};
  std::uint64_t lost = 0;  // Connections not timed, for too many waited.
  bool operator==(const AcceptRecord&) const = default;
};

class AcceptSource {
 public:
  virtual ~AcceptSource() = default;
  // Whose connections are timed: the lowest `most` of these ports, those that come from now on.
  virtual void SetPorts(std::span<const std::uint16_t> listening, std::size_t most) = 0;
  virtual void Read(AcceptRecord& out) = 0;
};

// Polls of one device; number 0 stands for all that cannot be told apart.
struct NapiDevice {
  std::uint32_t ifindex = 0;
  std::uint64_t polls = 0;
  std::uint64_t work = 0;                  // Packets, or whatever the driver calls work.
  std::uint64_t exhausted = 0;             // Polls that used up their budget.
  std::array<std::uint64_t, 8> bins = {};  // Bin 0: no work; bin b: 2^(b-1) up to 2^b - 1.
  bool operator==(const NapiDevice&) const = default;
};

// Nanoseconds from raising a softirq to its start, and of its run.
struct SoftirqTimes {
  BinnedValues waiting = {};
  BinnedValues running = {};
  bool operator==(const SoftirqTimes&) const = default;
};

// Polls of one NAPI instance since it was named.
struct NapiQueue {
  std::uint32_t napi_id = 0;
  std::uint64_t polls = 0;
  std::uint64_t work = 0;
  std::uint64_t exhausted = 0;
  bool operator==(const NapiQueue&) const = default;
};

struct NapiRecord {
  std::vector<NapiDevice> devices = {};  // Those that were polled, by number.
  std::vector<NapiQueue> queues = {};    // Those that were named and have a row.
  // [0]: at the end of an interrupt; [1]: in ksoftirqd.
  std::array<SoftirqTimes, 2> receive = {};
  std::array<SoftirqTimes, 2> transmit = {};
  bool sees_polls = false;
  bool sees_softirqs = false;
};

class NapiSource {
 public:
  virtual ~NapiSource() = default;
  // Which NAPI instances are counted one by one, the first ones if not all can be.
  virtual void SetQueues(std::span<const std::uint32_t> napi_ids) = 0;
  virtual void Read(NapiRecord& out) = 0;
};

// Which card an interrupt belongs to.
struct CardInterrupt {
  std::uint32_t irq = 0;
  std::uint32_t card = 0;  // A number of the caller's, not 0.
  bool operator==(const CardInterrupt&) const = default;
};

// Nanoseconds that the handlers of a card's interrupts took, since it was named.
struct CardTimes {
  std::uint32_t card = 0;
  BinnedValues times = {};
  bool operator==(const CardTimes&) const = default;
};

// Time in interrupt handlers (tracepoints irq:irq_handler_entry, irq_handler_exit).
class IrqSource {
 public:
  virtual ~IrqSource() = default;
  // Which interrupts are timed. A card keeps its row for as long as it is named.
  virtual void SetInterrupts(std::span<const CardInterrupt> interrupts) = 0;
  virtual void Read(std::vector<CardTimes>& out) = 0;
  // Interrupts that were named and are not timed: their number is too high, or there are too many
  // cards.
  virtual std::size_t untimed() const = 0;
};

class TcpSockets;  // kernel/bpf/tcp_sockets.h

// What the exporter has in the kernel. These and the sources may be called from any thread.
class BpfSource {
 public:
  virtual ~BpfSource() = default;
  // Every program, with what became of it.
  virtual std::vector<ProgramStatus> Programs() = 0;
  // Null when none of their programs runs. They end when nobody holds them any more.
  virtual std::shared_ptr<DropSource> drops() = 0;
  virtual std::shared_ptr<QueueSource> queues() = 0;
  virtual std::shared_ptr<NapiSource> napi() = 0;
  virtual std::shared_ptr<IrqSource> irqs() = 0;
  virtual std::shared_ptr<TcpSockets> tcp_sockets() { return nullptr; }
  virtual std::shared_ptr<PruneSource> prunes() { return nullptr; }
  virtual std::shared_ptr<AcceptSource> accepts() { return nullptr; }
};

}  // namespace netstack
