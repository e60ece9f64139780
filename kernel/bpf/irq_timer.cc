#include "kernel/bpf/irq_timer.h"

#include <algorithm>

#include "kernel/bpf/objects.h"
#include "kernel/bpf/own_namespace.h"

namespace netstack {

std::shared_ptr<IrqTimer> IrqTimer::Load(const btf* types, std::span<ProgramStatus> statuses) {
  const ObjectPlan plan = {
      .collector = "irq",
      .elf = IrqElf(),
      .hooks = kIrqHooks,
      .maps = {{.name = "irq_rows", .rows_per_cpu = NETSTACK_IRQ_CARDS},
               {.name = ".bss", .writable = true}},
      .config = BytesOf(std::uint32_t{0}),
  };
  std::shared_ptr<IrqTimer> timer(new IrqTimer);
  timer->object_ = LoadObject(plan, types, statuses);
  const bool all_run = std::ranges::all_of(
      statuses, [](const ProgramStatus& status) { return status.state == ProgramState::kOk; });
  if (!timer->object_ || !all_run) return nullptr;
  return timer;
}

BinnedValues IrqTimer::SumOf(std::size_t row) const {
  const auto rows = object_->maps.find("irq_rows")->second.Rows<netstack_irq_row>();
  BinnedValues sum;
  for (std::size_t at = row; at < rows.size(); at += NETSTACK_IRQ_CARDS) {
    for (std::size_t bin = 0; bin < sum.bins.size(); ++bin) {
      sum.bins[bin] += rows[at].times.bins[bin];
    }
    sum.sum += rows[at].times.sum;
  }
  return sum;
}

std::size_t IrqTimer::RowOf(std::uint32_t card) const {
  const auto found = std::ranges::find(cards_.keys(), card);
  return found == cards_.keys().end() ? 0 : static_cast<std::size_t>(found - cards_.keys().begin());
}

void IrqTimer::SetInterrupts(std::span<const CardInterrupt> interrupts) {
  const std::scoped_lock lock(mutex_);
  auto& settings = object_->maps.find(".bss")->second.Only<netstack_irq_settings>();
  numbers_.clear();
  for (const CardInterrupt& interrupt : interrupts) {
    if (std::ranges::find(numbers_, interrupt.card) == numbers_.end()) {
      numbers_.push_back(interrupt.card);
    }
  }
  // The row of a card that is gone may go to another.
  std::ranges::fill(settings.rows, __u8{0});
  cards_.Assign(numbers_, [&](std::size_t row) { bases_[row] = SumOf(row); });
  std::size_t untimed = 0;
  for (const CardInterrupt& interrupt : interrupts) {
    const std::size_t row = RowOf(interrupt.card);
    if (row == 0 || interrupt.irq >= NETSTACK_IRQ_NUMBERS) {
      ++untimed;
    } else {
      settings.rows[interrupt.irq] = static_cast<__u8>(row);
    }
  }
  untimed_ = untimed;
}

void IrqTimer::Read(std::vector<CardTimes>& out) {
  const std::scoped_lock lock(mutex_);
  out.clear();
  for (std::size_t row = 1; row < NETSTACK_IRQ_CARDS; ++row) {
    if (cards_.keys()[row] == 0) continue;
    CardTimes card = {.card = cards_.keys()[row], .times = SumOf(row)};
    for (std::size_t bin = 0; bin < card.times.bins.size(); ++bin) {
      card.times.bins[bin] -= bases_[row].bins[bin];
    }
    card.times.sum -= bases_[row].sum;
    out.push_back(card);
  }
}

}  // namespace netstack
