#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "kernel/bpf/loader.h"
#include "kernel/bpf/programs/layouts.h"
#include "kernel/bpf/slots.h"
#include "kernel/bpf/source.h"

namespace netstack {

// The programs that time interrupt handlers. Null unless both are at work.
class IrqTimer : public IrqSource {
 public:
  static std::shared_ptr<IrqTimer> Load(const btf* types, std::span<ProgramStatus> statuses);

  void SetInterrupts(std::span<const CardInterrupt> interrupts) override;
  void Read(std::vector<CardTimes>& out) override;
  std::size_t untimed() const override { return untimed_; }
  const LoadedObject& object() const { return *object_; }

 private:
  IrqTimer() = default;
  BinnedValues SumOf(std::size_t row) const;
  std::size_t RowOf(std::uint32_t card) const;  // 0: none.

  std::unique_ptr<LoadedObject> object_;
  std::atomic<std::size_t> untimed_ = 0;

  std::mutex mutex_;  // Guards all below.
  Slots cards_{NETSTACK_IRQ_CARDS};
  std::vector<std::uint32_t> numbers_;                   // Of the cards, each once.
  std::vector<BinnedValues> bases_{NETSTACK_IRQ_CARDS};  // What a row had when its card got it.
};

}  // namespace netstack
