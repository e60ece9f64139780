#include "tests/contract/made_card_files.h"

#include <array>
#include <cstdio>
#include <fstream>
#include <span>
#include <string>
#include <vector>

namespace netstack {
namespace {

namespace fs = std::filesystem;

// What the files of a card say of it; # stands for the queue.
struct CardKind {
  std::string_view driver;
  std::vector<std::string_view> interrupts;  // Of each queue, after the device's name.
  std::vector<std::string_view> statistics;
};

const CardKind& KindOf(std::string_view driver) {
  static const CardKind kVirtio = {
      .driver = "virtio_net",
      .interrupts = {"-input.#", "-output.#"},
      .statistics = {"rx_queue_#_packets", "rx_queue_#_bytes", "rx#_drops", "rx#_xdp_packets",
                     "rx#_xdp_drops", "rx#_kicks", "rx#_hw_drops", "rx#_hw_drop_overruns",
                     "tx_queue_#_packets", "tx_queue_#_bytes", "tx#_xdp_tx", "tx#_xdp_tx_drops",
                     "tx#_kicks", "tx#_tx_timeouts"}};
  static const CardKind kEna = {
      .driver = "ena",
      .interrupts = {"-Tx-Rx-#"},
      .statistics = {"tx_timeout", "bw_in_allowance_exceeded", "bw_out_allowance_exceeded",
                     "pps_allowance_exceeded", "conntrack_allowance_exceeded",
                     "linklocal_allowance_exceeded", "queue_#_tx_cnt", "queue_#_tx_bytes",
                     "queue_#_tx_queue_stop", "queue_#_tx_queue_wakeup", "queue_#_tx_missed_tx",
                     "queue_#_rx_cnt", "queue_#_rx_bytes", "queue_#_rx_refil_partial",
                     "queue_#_rx_csum_bad", "queue_#_rx_page_alloc_fail",
                     "queue_#_rx_skb_alloc_fail", "queue_#_rx_empty_rx_ring"}};
  // A driver that fills most of what the kernel has a field for.
  static const CardKind kIgb = {
      .driver = "igb",
      .interrupts = {"-TxRx-#"},
      .statistics = {"rx_no_buffer_count", "tx_timeout_count", "rx_queue_#_packets",
                     "rx_queue_#_bytes", "rx_queue_#_drops", "rx_queue_#_csum_err",
                     "rx_queue_#_alloc_failed", "tx_queue_#_packets", "tx_queue_#_bytes",
                     "tx_queue_#_restart"}};
  static const CardKind kUnknown = {
      .driver = "a_card",
      .interrupts = {"-TxRx-#"},
      .statistics = {"q#_rx_packets", "q#_rx_errors", "q#_rx_dropped", "q#_rx_missed",
                     "q#_tx_errors", "q#_tx_timeout"}};
  for (const CardKind* const kind : {&kVirtio, &kEna, &kIgb}) {
    if (kind->driver == driver) return *kind;
  }
  return kUnknown;
}

void Write(const fs::path& file, std::string_view text) {
  fs::create_directories(file.parent_path());
  std::ofstream(file) << text;
}

std::string WithQueue(std::string_view name, int queue) {
  std::string out(name);
  const std::size_t hash = out.find('#');
  return hash == std::string::npos ? out : out.replace(hash, 1, std::to_string(queue));
}

void WriteQueues(const fs::path& device, int queues) {
  for (int queue = 0; queue < queues; ++queue) {
    const fs::path receive = device / "queues" / ("rx-" + std::to_string(queue));
    Write(receive / "rps_cpus", "0\n");
    Write(receive / "rps_flow_cnt", "0\n");
    const fs::path transmit = device / "queues" / ("tx-" + std::to_string(queue));
    Write(transmit / "tx_timeout", "0\n");
    Write(transmit / "xps_cpus", "1\n");
    for (const char* file : {"inflight", "limit", "limit_min", "limit_max", "hold_time"}) {
      Write(transmit / "byte_queue_limits" / file, "1000\n");
    }
    // Off, as the kernel has it.
    for (const char* file : {"stall_thrs", "stall_cnt", "stall_max"}) {
      Write(transmit / "byte_queue_limits" / file, "0\n");
    }
  }
}

void WriteStatistics(const fs::path& file, const CardKind& kind, int queues) {
  fs::create_directories(file.parent_path());
  std::ofstream out(file);
  for (const std::string_view name : kind.statistics) {
    const bool per_queue = name.find('#') != std::string_view::npos;
    for (int queue = 0; queue < (per_queue ? queues : 1); ++queue) {
      out << WithQueue(name, queue) << ": 1000007\n";
    }
  }
}

void WriteCard(const fs::path& root, int card, const HostSize& size) {
  const CardKind& kind = KindOf(size.driver);
  const fs::path parent = root / "sys/bus/pci/devices" / MadeCardParent(card);
  fs::create_directories(parent);
  fs::create_symlink("../../drivers/" + std::string(kind.driver), parent / "driver");
  const fs::path device = root / "sys/class/net" / MadeCardName(card);
  Write(device / "ifindex", std::to_string(kFirstCardIndex + card) + "\n");
  Write(device / "speed", "100000\n");
  for (const char* file : {"threaded", "gro_flush_timeout", "napi_defer_hard_irqs"}) {
    Write(device / file, "0\n");
  }
  fs::create_symlink("../../../bus/pci/devices/" + MadeCardParent(card), device / "device");
  WriteQueues(device, size.queues);
  WriteStatistics(root / "driver_statistics" / MadeCardName(card), kind, size.queues);
}

void WriteInterrupts(const fs::path& root, const HostSize& size) {
  std::ofstream file(root / "proc/interrupts");
  for (int cpu = 0; cpu < size.cpus; ++cpu) file << " CPU" << cpu;
  file << "\n";
  int irq = 40;
  for (int card = 0; card < size.devices; ++card) {
    for (int queue = 0; queue < size.queues; ++queue) {
      for (const std::string_view name : KindOf(size.driver).interrupts) {
        file << " " << ++irq << ":";
        for (int cpu = 0; cpu < size.cpus; ++cpu) file << " " << 100'000 + cpu;
        file << " PCI-MSIX-" << MadeCardParent(card) << " " << queue << "-edge      "
             << MadeCardName(card) << WithQueue(name, queue) << "\n";
        const fs::path settings = root / "proc/irq" / std::to_string(irq);
        Write(settings / "effective_affinity_list", "0\n");
        Write(settings / "smp_affinity_list", "0-" + std::to_string(size.cpus - 1) + "\n");
        Write(settings / "node", "0\n");
      }
    }
  }
}

void WriteCpus(const fs::path& root, int cpus) {
  std::ofstream softnet(root / "proc/net/softnet_stat");
  std::ofstream softirqs(root / "proc/softirqs");
  softirqs << "      ";
  for (int cpu = 0; cpu < cpus; ++cpu) softirqs << "  CPU" << cpu;
  for (const char* kind : {"NET_TX", "NET_RX"}) {
    softirqs << "\n" << kind << ":";
    for (int cpu = 0; cpu < cpus; ++cpu) softirqs << " " << 1'000'000 + cpu;
  }
  softirqs << "\n";
  for (int cpu = 0; cpu < cpus; ++cpu) {
    std::array<char, 16> number;
    std::snprintf(number.data(), number.size(), "%08x", cpu);
    for (int column = 0; column < 15; ++column) {
      softnet << (column == 12 ? number.data() : "0098967f") << (column < 14 ? " " : "\n");
    }
  }
  Write(root / "sys/devices/system/cpu/online", "0-" + std::to_string(cpus - 1) + "\n");
}

}  // namespace

std::string MadeCardName(int card) {
  return "eth" + std::to_string(card);
}

std::string MadeCardParent(int card) {
  std::array<char, 24> text;
  std::snprintf(text.data(), text.size(), "0000:%02x:00.0", card + 1);
  return text.data();
}

void WriteCardFiles(const fs::path& root, const HostSize& size) {
  for (const char* folder : {"sys/class/net", "driver_statistics", "proc/irq"}) {
    fs::remove_all(root / folder);
  }
  fs::create_directories(root / "sys/class/net");
  WriteCpus(root, size.cpus);
  for (int card = 0; card < size.devices; ++card) WriteCard(root, card, size);
  WriteInterrupts(root, size);
}

}  // namespace netstack
