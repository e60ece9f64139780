#pragma once

#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "kernel/bpf/loader.h"
#include "kernel/bpf/programs/layouts.h"
#include "kernel/bpf/slots.h"
#include "kernel/bpf/source.h"

namespace netstack {

// The programs that look at polls and softirqs. Null when none could be put to work.
class NapiWatcher : public NapiSource {
 public:
  static std::shared_ptr<NapiWatcher> Load(const btf* types, std::span<ProgramStatus> statuses);

  void SetQueues(std::span<const std::uint32_t> napi_ids) override;
  void Read(NapiRecord& out) override;
  const LoadedObject& object() const { return *object_; }

 private:
  NapiWatcher() = default;
  NapiQueue SumOf(std::size_t row) const;
  void ReadQueues(std::vector<NapiQueue>& out) const;
  std::unique_ptr<LoadedObject> object_;
  bool sees_polls_ = false;
  bool sees_softirqs_ = false;

  std::mutex mutex_;  // Guards all below.
  Slots queues_{NETSTACK_NAPI_QUEUES};
  std::vector<NapiQueue> bases_{NETSTACK_NAPI_QUEUES};  // What a row had when its owner got it.
};

}  // namespace netstack
