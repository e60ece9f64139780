#pragma once

#include <memory>
#include <span>

#include "kernel/bpf/loader.h"
#include "kernel/bpf/source.h"

namespace netstack {

// The programs that look at polls and softirqs. Null when none could be put to work.
class NapiWatcher : public NapiSource {
 public:
  static std::shared_ptr<NapiWatcher> Load(const btf* types, std::span<ProgramStatus> statuses);

  void Read(NapiRecord& out) override;
  const LoadedObject& object() const { return *object_; }

 private:
  NapiWatcher() = default;
  std::unique_ptr<LoadedObject> object_;
  bool sees_polls_ = false;
  bool sees_softirqs_ = false;
};

}  // namespace netstack
