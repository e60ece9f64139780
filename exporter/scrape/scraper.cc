#include "exporter/scrape/scraper.h"

#include <algorithm>
#include <cstdio>
#include <string>
#include <utility>

#include "kernel/blocked_call.h"

namespace netstack {
namespace {

using Clock = Scraper::Clock;

bool LetsSamplesThrough(CollectorState state) {
  return state == CollectorState::kOk || state == CollectorState::kPartial ||
         state == CollectorState::kStale;
}

// What can be told of a collector that is in a call. Its samples are in slot.instead.
Outcome CollectInstead(Slot& slot) {
  Outcome nothing = {.state = CollectorState::kTimeout, .error = {}};
  if (!slot.instead) return nothing;
  if (slot.last == nullptr || !slot.last->KeepsSamples()) slot.instead->Clear();
  try {
    if (slot.last != nullptr) return slot.last->CollectLast(*slot.instead);
    return slot.fallback->CollectFallback(*slot.instead) ? Outcome() : nothing;
  } catch (...) {
    return nothing;
  }
}

// 0: the quick ones; 1: those that can block; 2: those that are long by nature.
int PlaceInRound(const Slot* slot) {
  return slot->last != nullptr ? 2 : slot->declaration->may_block ? 1 : 0;
}

}  // namespace

Scraper::Scraper(std::vector<ScrapedCollector> collectors, const ScraperOptions& options)
    : crew_(std::make_shared<Crew>()), options_(options) {
  for (ScrapedCollector& collector : collectors) {
    crew_->slots.push_back(std::make_unique<Slot>(
        collector.declaration, std::move(collector.collector), collector.max_series));
    crew_->order.push_back(crew_->slots.back().get());
  }
  std::ranges::stable_sort(crew_->order, {}, PlaceInRound);
  reports_.resize(crew_->slots.size());
  late_.resize(crew_->slots.size());
}

Scraper::~Scraper() {
  Stop(std::chrono::seconds(1));
}

std::size_t Scraper::size() const {
  return crew_->slots.size();
}

void Scraper::Round(std::span<const bool> wanted, Clock::time_point deadline,
                    const Consumer& consume) {
  const std::scoped_lock round(round_mutex_);
  Ask(wanted);
  Await(deadline);
  Report();
  consume(reports_);
}

void Scraper::Ask(std::span<const bool> wanted) {
  std::unique_lock lock(crew_->mutex);
  ++crew_->round;
  crew_->left = 0;
  crew_->given_up = 0;
  bool some_asked = false;
  for (std::size_t i = 0; i < crew_->slots.size(); ++i) {
    Slot& slot = *crew_->slots[i];
    reports_[i] = {.declaration = slot.declaration, .asked = wanted.empty() || wanted[i]};
    // A collector that is still in an earlier round's call is not asked again.
    if (!reports_[i].asked || slot.busy) continue;
    slot.asked = crew_->round;
    if (slot.last != nullptr && slot.last->KeepsSamples()) {
      std::swap(slot.samples, *slot.instead);
    }
    slot.patience = slot.last != nullptr ? slot.last->Patience() : std::nullopt;
    slot.awaited = !slot.patience || slot.patience->count() > 0;
    crew_->left += slot.awaited ? 1 : 0;
    some_asked = true;
  }
  if (some_asked) crew_->Go(lock);
}

std::chrono::nanoseconds Scraper::TimeoutOf(const Slot& slot) const {
  return slot.declaration->may_block ? options_.blocking_timeout : options_.collector_timeout;
}

Clock::time_point Scraper::LimitOf(const Slot& slot, Clock::time_point deadline) const {
  auto wait = TimeoutOf(slot);
  if (slot.patience) wait = std::min(wait, *slot.patience);
  return std::min(deadline, slot.started_at + wait);
}

void Scraper::Await(Clock::time_point deadline) {
  std::unique_lock lock(crew_->mutex);
  const auto slots = static_cast<int>(crew_->slots.size());
  const auto patience =
      std::min<Clock::duration>(options_.patience, (deadline - Clock::now()) / (2 * slots + 1));
  for (;;) {
    const Clock::time_point now = Clock::now();
    if (crew_->left == 0 || now >= deadline) return;
    Clock::time_point wake = deadline;
    bool some_wait = false;
    crew_->given_up = 0;
    for (const Slot* const slot : crew_->order) {
      if (slot->asked != crew_->round || slot->finished == crew_->round) continue;
      if (!slot->awaited) continue;
      const bool started = slot->started == crew_->round;
      some_wait = some_wait || !started;
      if (!started) continue;
      const Clock::time_point limit = LimitOf(*slot, deadline);
      if (now < limit) {
        wake = std::min(wake, limit);
      } else {
        ++crew_->given_up;
      }
    }
    if (crew_->given_up == crew_->left) return;
    if (some_wait) {
      const Slot* const running = crew_->Running();
      const Clock::time_point slow_at = (running != nullptr ? running->started_at : now) + patience;
      if (now >= slow_at) {
        crew_->Go(lock);
        continue;
      }
      wake = std::min(wake, slow_at);
    }
    crew_->done.wait_until(lock, wake);
  }
}

// Seconds are 0 for a collector that was not even started.
Error Scraper::WhyLate(const Slot& slot, double seconds) const {
  Error error = {.kind = ErrorKind::kTimeout, .path = std::string(slot.declaration->name)};
  if (!slot.busy) {
    error.what = "not started before the end of the scrape";
    return error;
  }
  char text[48];
  std::snprintf(text, sizeof text, "no answer for %.3f s", seconds);
  error.what = text;
  const std::string call = DescribeBlockedCall(slot.thread);
  if (!call.empty()) error.what += ", its thread is in " + call;
  return error;
}

// A call that is long by nature and not longer than a call may be.
bool Scraper::IsUnderWay(const Slot& slot, Clock::time_point now) const {
  if (slot.last == nullptr) return false;
  if (slot.busy) return now < slot.started_at + TimeoutOf(slot);
  return !slot.awaited || slot.asked != crew_->round;
}

void Scraper::ReportUnfinished(Slot& slot, bool under_way, CollectorReport& report,
                               Error& error) const {
  Outcome outcome = CollectInstead(slot);
  report.state = under_way ? outcome.state : CollectorState::kTimeout;
  if (LetsSamplesThrough(outcome.state)) report.samples = &*slot.instead;
  if (under_way && !outcome.error) return;
  if (under_way) error = *std::move(outcome.error);
  report.error = &error;
}

void Scraper::Report() {
  std::unique_lock lock(crew_->mutex);
  const Clock::time_point now = Clock::now();
  for (std::size_t i = 0; i < crew_->slots.size(); ++i) {
    Slot& slot = *crew_->slots[i];
    CollectorReport& report = reports_[i];
    if (!report.asked) continue;
    if (slot.finished != crew_->round) {
      const bool under_way = IsUnderWay(slot, now);
      if (slot.busy) report.seconds = std::chrono::duration<double>(now - slot.started_at).count();
      if (!under_way) late_[i] = WhyLate(slot, report.seconds);
      lock.unlock();
      ReportUnfinished(slot, under_way, report, late_[i]);
      lock.lock();
      continue;
    }
    report.state = slot.outcome.state;
    report.error = slot.outcome.error ? &*slot.outcome.error : nullptr;
    report.seconds = slot.seconds;
    if (LetsSamplesThrough(report.state)) report.samples = &slot.samples;
  }
}

bool Scraper::Stop(std::chrono::nanoseconds patience) {
  std::unique_lock lock(crew_->mutex);
  crew_->stopping = true;
  for (const std::unique_ptr<Slot>& slot : crew_->slots) {
    if (slot->last != nullptr) slot->last->GiveUp();
  }
  crew_->work.notify_all();
  return crew_->done.wait_for(lock, patience, [&] { return crew_->live_threads == 0; });
}

}  // namespace netstack
