#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "collectors/network_cards.h"
#include "kernel/bpf/source.h"
#include "kernel/kernel.h"
#include "model/samples.h"

namespace netstack::irq {

// Time in the handlers of network cards' interrupts, as the programs in the kernel tell it. One
// thread at a time.
class HandlerTimes {
 public:
  // Whose interrupts they are: `card` is NetworkCard::index.
  void SetInterrupts(std::vector<CardInterrupt> interrupts);
  // Adds nothing without programs: their state says why.
  void Add(const Kernel& kernel, std::span<const NetworkCard> cards, Samples& out);

 private:
  std::vector<CardInterrupt> interrupts_;
  bool are_new_ = false;  // The source does not know them yet.
  std::vector<CardTimes> times_;
};

}  // namespace netstack::irq
