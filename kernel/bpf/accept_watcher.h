#pragma once

#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "kernel/bpf/loader.h"
#include "kernel/bpf/peak_groups.h"
#include "kernel/bpf/programs/layouts.h"
#include "kernel/bpf/source.h"

namespace netstack {

// The programs that time the wait for accept(). Null unless both its ends are seen.
class AcceptWatcher : public AcceptSource {
 public:
  static std::shared_ptr<AcceptWatcher> Load(const btf* types, std::span<ProgramStatus> statuses);

  void SetPorts(std::span<const std::uint16_t> listening, std::size_t most) override;
  void Read(AcceptRecord& out) override;
  const LoadedObject& object() const { return *object_; }

 private:
  explicit AcceptWatcher(std::unique_ptr<LoadedObject> object);
  void ReadGroup(std::size_t number, BinnedValues& out) const;

  const std::unique_ptr<LoadedObject> object_;
  const std::span<const netstack_accept_row> rows_;

  std::mutex mutex_;  // Guards all below.
  PeakGroups groups_;
  std::vector<BinnedValues> bases_;  // By number: when it went to its present port.
};

}  // namespace netstack
