#include "collectors/irq/handler_times.h"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "collectors/binned_histogram.h"
#include "collectors/irq/families.h"

namespace netstack::irq {
namespace {

// 2^8, 2^10... nanoseconds.
constexpr auto kBounds = std::to_array<BinBound>({{8, "2.56e-07"},
                                                  {10, "1.024e-06"},
                                                  {12, "4.096e-06"},
                                                  {14, "1.6384e-05"},
                                                  {16, "6.5536e-05"},
                                                  {18, "0.000262144"},
                                                  {20, "0.001048576"},
                                                  {24, "0.016777216"}});

}  // namespace

void HandlerTimes::SetInterrupts(std::vector<CardInterrupt> interrupts) {
  are_new_ = are_new_ || interrupts != interrupts_;
  interrupts_ = std::move(interrupts);
}

void HandlerTimes::Add(const Kernel& kernel, std::span<const NetworkCard> cards, Samples& out) {
  const std::shared_ptr<IrqSource> source = kernel.bpf == nullptr ? nullptr : kernel.bpf->irqs();
  if (source == nullptr) return;
  if (are_new_) source->SetInterrupts(interrupts_);
  are_new_ = false;
  source->Read(times_);
  for (const CardTimes& times : times_) {
    const auto card = std::ranges::find(cards, times.card, &NetworkCard::index);
    if (card == cards.end()) continue;
    const std::array<std::string_view, 1> labels = {card->label};
    AddHistogram(kFamilies[kHandler], labels, times.times, kBounds, kNanosecond, out);
  }
  out.Add(kFamilies[kUntimed], {}, std::uint64_t{source->untimed()});
}

}  // namespace netstack::irq
