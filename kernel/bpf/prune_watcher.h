#pragma once

#include <memory>
#include <span>

#include "kernel/bpf/loader.h"
#include "kernel/bpf/source.h"

namespace netstack {

// The programs that time the pruning of TCP receive buffers. Null when none could be put to work.
class PruneWatcher : public PruneSource {
 public:
  static std::shared_ptr<PruneWatcher> Load(const btf* types, std::span<ProgramStatus> statuses);

  void Read(PruneRecord& out) override;
  const LoadedObject& object() const { return *object_; }

 private:
  PruneWatcher() = default;
  std::unique_ptr<LoadedObject> object_;
  bool sees_collapse_ = false;
  bool sees_prune_ = false;
};

}  // namespace netstack
