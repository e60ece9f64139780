#include "exporter/scrape/scraper.h"

#include <algorithm>
#include <cstdio>
#include <string>
#include <utility>

#include "kernel/blocked_call.h"

namespace netstack {
namespace {

using Clock = Scraper::Clock;

// What can be told of a collector that hangs; null if nothing.
const Samples* CollectFallback(Slot& slot) {
  if (slot.fallback == nullptr) return nullptr;
  slot.fallback_samples->Clear();
  try {
    return slot.fallback->CollectFallback(*slot.fallback_samples) ? &*slot.fallback_samples
                                                                  : nullptr;
  } catch (...) {
    return nullptr;
  }
}

bool LetsSamplesThrough(CollectorState state) {
  return state == CollectorState::kOk || state == CollectorState::kPartial ||
         state == CollectorState::kStale;
}

}  // namespace

Scraper::Scraper(std::vector<ScrapedCollector> collectors, const ScraperOptions& options)
    : crew_(std::make_shared<Crew>()), options_(options) {
  for (ScrapedCollector& collector : collectors) {
    crew_->slots.push_back(std::make_unique<Slot>(
        collector.declaration, std::move(collector.collector), collector.max_series));
    crew_->order.push_back(crew_->slots.back().get());
  }
  std::ranges::stable_partition(crew_->order,
                                [](const Slot* slot) { return !slot->declaration->may_block; });
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
  for (std::size_t i = 0; i < crew_->slots.size(); ++i) {
    Slot& slot = *crew_->slots[i];
    reports_[i] = {.declaration = slot.declaration, .asked = wanted.empty() || wanted[i]};
    // A collector that is still in an earlier round's call is not asked again.
    if (!reports_[i].asked || slot.busy) continue;
    slot.asked = crew_->round;
    ++crew_->left;
  }
  if (crew_->left > 0) crew_->Go(lock);
}

Clock::time_point Scraper::LimitOf(const Slot& slot, Clock::time_point deadline) const {
  const auto timeout =
      slot.declaration->may_block ? options_.blocking_timeout : options_.collector_timeout;
  return std::min(deadline, slot.started_at + timeout);
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

void Scraper::Report() {
  std::unique_lock lock(crew_->mutex);
  const Clock::time_point now = Clock::now();
  for (std::size_t i = 0; i < crew_->slots.size(); ++i) {
    Slot& slot = *crew_->slots[i];
    CollectorReport& report = reports_[i];
    if (!report.asked) continue;
    if (slot.finished != crew_->round) {
      report.state = CollectorState::kTimeout;
      if (slot.busy) report.seconds = std::chrono::duration<double>(now - slot.started_at).count();
      late_[i] = WhyLate(slot, report.seconds);
      report.error = &late_[i];
      lock.unlock();
      report.samples = CollectFallback(slot);
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
  crew_->work.notify_all();
  return crew_->done.wait_for(lock, patience, [&] { return crew_->live_threads == 0; });
}

}  // namespace netstack
