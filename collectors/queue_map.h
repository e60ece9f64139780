#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "kernel/netlink/netdev_family.h"

namespace netstack::netdev {

// A queue and the NAPI instance that polls it, if it has one.
struct Queue {
  std::uint64_t device = 0;  // Index.
  std::uint64_t number = 0;
  bool is_transmit = false;
  std::uint64_t napi = 0;  // 0: none.
  bool operator==(const Queue&) const = default;
};

// A NAPI instance; what this kernel does not tell is left out.
struct Napi {
  std::uint64_t device = 0;
  std::uint64_t id = 0;
  std::optional<std::uint64_t> irq = {};
  std::optional<std::uint64_t> thread_pid = {};
  std::optional<std::uint64_t> defer_hard_irqs = {};
  std::optional<std::uint64_t> gro_flush_timeout = {};    // Nanoseconds.
  std::optional<std::uint64_t> irq_suspend_timeout = {};  // Nanoseconds.
  std::optional<std::uint64_t> threaded = {};
  bool operator==(const Napi&) const = default;
};

// nullopt for a message that lacks what it takes to be one.
std::optional<Queue> QueueOf(const NetdevMessage& message);
std::optional<Napi> NapiOf(const NetdevMessage& message);

// Queues and NAPI instances of all devices. One thread at a time.
class QueueMap {
 public:
  // `family` must outlive the object.
  explicit QueueMap(NetdevFamily& family);
  QueueMap(const QueueMap&) = delete;
  QueueMap& operator=(const QueueMap&) = delete;

  // Asks for all of them. kAbsent or kUnsupported where the kernel does not tell (before 6.8).
  Status Read();

  const std::vector<Queue>& queues() const { return queues_; }
  const std::vector<Napi>& napis() const { return napis_; }

 private:
  NetdevFamily& family_;
  NetdevFamily::Visitor visit_queue_;
  NetdevFamily::Visitor visit_napi_;
  std::function<void()> restart_queues_;
  std::function<void()> restart_napis_;
  std::vector<Queue> queues_;
  std::vector<Napi> napis_;
};

}  // namespace netstack::netdev
