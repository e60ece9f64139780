#pragma once

#include <memory>
#include <mutex>
#include <span>

#include "kernel/bpf/loader.h"
#include "kernel/bpf/peak_groups.h"
#include "kernel/bpf/peak_window.h"
#include "kernel/bpf/programs/layouts.h"
#include "kernel/bpf/source.h"

namespace netstack {

// The plan of the programs that look at socket queues; `per_socket` connections at most are kept
// apart, 0: none.
ObjectPlan QueuePlan(const btf* types, std::uint32_t per_socket);

// The programs that look at socket queues. Null when none could be put to work.
class QueueWatcher : public QueueSource {
 public:
  static std::shared_ptr<QueueWatcher> Load(const btf* types, std::span<ProgramStatus> statuses);

  void SetPorts(std::span<const std::uint16_t> listening, std::span<const std::uint16_t> remote,
                std::size_t most) override;
  void LookAtAll(bool all) override;
  void Read(Clock::time_point now, std::chrono::nanoseconds look_back, QueueRecord& out) override;
  const LoadedObject& object() const { return *object_; }

 private:
  // A group's counters when its number went to its present port.
  struct Base {
    std::uint64_t received_bytes = 0;
    std::uint64_t arrivals = 0;
  };
  QueueWatcher(std::unique_ptr<LoadedObject> object, const ProgramStatus& arrivals);
  void ReadGroup(std::size_t number, QueueGroup& out) const;
  void ReadDepths(std::size_t groups, QueueRecord& out) const;
  void SetEra();

  const std::unique_ptr<LoadedObject> object_;
  const bool sees_listeners_;
  const bool sees_datagrams_;
  netstack_peak_settings& settings_;
  const std::span<const netstack_peak_area> areas_;

  std::mutex mutex_;  // Guards all below.
  PeakGroups groups_;
  PeakWindow window_;
  std::vector<Base> bases_;  // By number.
  std::chrono::nanoseconds look_back_{0};
  bool looks_at_all_ = true;
  std::uint32_t changes_ = 0;  // Of the groups.
};

}  // namespace netstack
