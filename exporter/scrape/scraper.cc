#include "exporter/scrape/scraper.h"

#include <signal.h>

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace netstack {
namespace {

using Clock = Scraper::Clock;

struct Slot {
  Slot(const CollectorDeclaration* of, std::unique_ptr<Collector> runs, std::size_t max_series)
      : declaration(of), collector(std::move(runs)), samples(of->families, max_series) {}

  const CollectorDeclaration* declaration;
  std::unique_ptr<Collector> collector;
  // The thread that runs the collector owns these while `busy`, the round's caller otherwise.
  Samples samples;
  Outcome outcome;
  double seconds = 0;
  // Round numbers, and the rest, under the mutex.
  std::uint64_t asked = 0;
  std::uint64_t started = 0;
  std::uint64_t finished = 0;
  bool busy = false;
  const void* runner = nullptr;  // The lane that last started it.
  Clock::time_point started_at;
};

Outcome RunCollector(Slot& slot) {
  slot.samples.Clear();
  try {
    return slot.collector->Collect(slot.samples);
  } catch (const std::exception& thrown) {
    return Outcome::FromError({.kind = ErrorKind::kIo,
                               .path = std::string(slot.declaration->name),
                               .what = std::string("exception: ") + thrown.what()});
  } catch (...) {
    return Outcome::FromError(
        {.kind = ErrorKind::kIo, .path = std::string(slot.declaration->name), .what = "exception"});
  }
}

// What a lane still has to do in a round. A call that an abandoned lane hangs in is not part of it.
struct LaneWork {
  const Slot* running = nullptr;
  std::size_t left = 0;  // The running one included.
};

LaneWork WorkOf(const std::vector<std::unique_ptr<Slot>>& slots,
                const std::vector<std::size_t>& lane, const void* runner, std::uint64_t round) {
  LaneWork work;
  for (const std::size_t index : lane) {
    const Slot& slot = *slots[index];
    if (slot.asked != round || slot.finished == round) continue;
    if (slot.busy && slot.runner != runner) continue;
    ++work.left;
    if (slot.busy) work.running = &slot;
  }
  return work;
}

bool LetsSamplesThrough(CollectorState state) {
  return state == CollectorState::kOk || state == CollectorState::kPartial ||
         state == CollectorState::kStale;
}

}  // namespace

struct Scraper::State {
  std::mutex round_mutex;  // Held for a whole round.
  std::mutex mutex;        // Guards all below and the slots.
  std::condition_variable work;
  std::condition_variable done;
  std::vector<std::unique_ptr<Slot>> slots;
  std::uint64_t round = 0;
  std::size_t lanes_at_work = 0;  // Those asked in this round that have not done all of it.
  bool impatient = false;         // A limit has passed in this round: every lane tells when done.
  int live_threads = 0;
  bool stopping = false;
};

// A thread and the collectors it runs, in order.
struct Scraper::Lane {
  std::vector<std::size_t> slots;
  std::shared_ptr<bool> retired = std::make_shared<bool>(false);  // Under the mutex.
};

Scraper::Scraper(std::vector<ScrapedCollector> collectors, const ScraperOptions& options)
    : state_(std::make_shared<State>()), options_(options) {
  std::vector<std::size_t> quick;
  std::vector<std::vector<std::size_t>> blocking;
  for (ScrapedCollector& collector : collectors) {
    const std::size_t index = state_->slots.size();
    state_->slots.push_back(std::make_unique<Slot>(
        collector.declaration, std::move(collector.collector), collector.max_series));
    if (collector.declaration->may_block) {
      blocking.push_back({index});
    } else {
      quick.push_back(index);
    }
  }
  reports_.resize(state_->slots.size());
  if (!quick.empty()) StartLane(std::move(quick));
  for (std::vector<std::size_t>& own : blocking) StartLane(std::move(own));
}

Scraper::~Scraper() {
  Stop(std::chrono::seconds(1));
}

std::size_t Scraper::size() const {
  return state_->slots.size();
}

namespace {

// A thread started meanwhile inherits that all signals are blocked, so that it takes none away from
// the thread of the program (or of one that embeds us) that waits for them.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_;
};

// The body of a lane's thread. Everything it touches is kept alive by `state`.
template <class State>
void RunLane(const std::shared_ptr<State>& state, const std::vector<std::size_t>& slots,
             const std::shared_ptr<bool>& retired) {
  const auto next = [&]() -> Slot* {
    for (const std::size_t index : slots) {
      Slot& slot = *state->slots[index];
      if (!slot.busy && slot.asked > slot.started) return &slot;
    }
    return nullptr;
  };
  std::unique_lock lock(state->mutex);
  for (;;) {
    Slot* slot = nullptr;
    state->work.wait(lock, [&] { return state->stopping || *retired || (slot = next()); });
    if (state->stopping || *retired) break;
    slot->started = slot->asked;
    slot->busy = true;
    slot->runner = retired.get();
    slot->started_at = Clock::now();
    lock.unlock();
    Outcome outcome = RunCollector(*slot);
    const double seconds = std::chrono::duration<double>(Clock::now() - slot->started_at).count();
    lock.lock();
    slot->outcome = std::move(outcome);
    slot->seconds = seconds;
    slot->busy = false;
    slot->finished = slot->started;
    // The last one wakes who waits; an abandoned lane or a late result does not count.
    if (next() != nullptr || *retired || slot->finished != state->round) continue;
    if (--state->lanes_at_work == 0 || state->impatient) state->done.notify_all();
  }
  --state->live_threads;
  state->done.notify_all();
}

}  // namespace

void Scraper::StartLane(std::vector<std::size_t> slots) {
  auto lane = std::make_unique<Lane>();
  lane->slots = std::move(slots);
  {
    const std::scoped_lock lock(state_->mutex);
    ++state_->live_threads;
  }
  // Detached because a thread stuck in the kernel can never be joined; Stop() counts them out.
  const SignalsBlocked blocked;
  std::thread(RunLane<State>, state_, lane->slots, lane->retired).detach();
  lanes_.push_back(std::move(lane));
}

void Scraper::Round(std::span<const bool> wanted, Clock::time_point deadline,
                    const Consumer& consume) {
  const std::scoped_lock round(state_->round_mutex);
  Ask(wanted);
  Await(deadline);
  Report();
  consume(reports_);
}

void Scraper::Ask(std::span<const bool> wanted) {
  const std::scoped_lock lock(state_->mutex);
  ++state_->round;
  for (std::size_t i = 0; i < state_->slots.size(); ++i) {
    Slot& slot = *state_->slots[i];
    reports_[i] = {.declaration = slot.declaration, .asked = wanted.empty() || wanted[i]};
    // A collector that is still in an earlier round's call is not asked again.
    if (reports_[i].asked && !slot.busy) slot.asked = state_->round;
  }
  const auto has_work = [this](const std::unique_ptr<Lane>& lane) {
    return std::any_of(lane->slots.begin(), lane->slots.end(), [this](std::size_t index) {
      return state_->slots[index]->asked == state_->round;
    });
  };
  state_->lanes_at_work =
      static_cast<std::size_t>(std::count_if(lanes_.begin(), lanes_.end(), has_work));
  state_->impatient = false;
  state_->work.notify_all();
}

Clock::time_point Scraper::LimitOf(const CollectorDeclaration& declaration,
                                   Clock::time_point started_at, Clock::time_point deadline) const {
  if (declaration.may_block) return std::min(deadline, started_at + options_.blocking_timeout);
  // Half of what is left at most, so that a hung one leaves time for the others.
  const auto half = std::max((deadline - started_at) / 2, Clock::duration::zero());
  return started_at + std::min<Clock::duration>(options_.collector_timeout, half);
}

void Scraper::Await(Clock::time_point deadline) {
  std::unique_lock lock(state_->mutex);
  for (;;) {
    const Clock::time_point now = Clock::now();
    Clock::time_point wake = Clock::time_point::min();  // min(): nothing to wait for.
    Lane* stuck = nullptr;
    for (const std::unique_ptr<Lane>& lane : lanes_) {
      const LaneWork work = WorkOf(state_->slots, lane->slots, lane->retired.get(), state_->round);
      if (work.left == 0) continue;
      // Not started yet: look again when the first one could have hung.
      Clock::time_point limit =
          LimitOf(*state_->slots[lane->slots.front()]->declaration, now, deadline);
      if (work.running != nullptr) {
        limit = LimitOf(*work.running->declaration, work.running->started_at, deadline);
        state_->impatient = state_->impatient || now >= limit;
        if (now >= limit && work.left == 1) continue;  // Hung, and nobody behind it.
        if (now >= limit) stuck = lane.get();
      }
      wake = wake == Clock::time_point::min() ? limit : std::min(wake, limit);
    }
    if (wake == Clock::time_point::min() || now >= deadline) return;
    if (stuck == nullptr) {
      state_->done.wait_until(lock, wake);
      continue;
    }
    lock.unlock();
    ReplaceStuckLane(*stuck);
    lock.lock();
  }
}

void Scraper::ReplaceStuckLane(Lane& lane) {
  std::vector<std::size_t> slots = lane.slots;
  {
    const std::scoped_lock lock(state_->mutex);
    *lane.retired = true;
  }
  std::erase_if(lanes_, [&](const auto& owned) { return owned.get() == &lane; });
  StartLane(std::move(slots));
}

void Scraper::Report() {
  const std::scoped_lock lock(state_->mutex);
  const Clock::time_point now = Clock::now();
  for (std::size_t i = 0; i < state_->slots.size(); ++i) {
    const Slot& slot = *state_->slots[i];
    CollectorReport& report = reports_[i];
    if (!report.asked) continue;
    if (slot.finished != state_->round) {
      report.state = CollectorState::kTimeout;
      if (slot.busy) report.seconds = std::chrono::duration<double>(now - slot.started_at).count();
      continue;
    }
    report.state = slot.outcome.state;
    report.error = slot.outcome.error ? &*slot.outcome.error : nullptr;
    report.seconds = slot.seconds;
    if (LetsSamplesThrough(report.state)) report.samples = &slot.samples;
  }
}

bool Scraper::Stop(std::chrono::nanoseconds patience) {
  std::unique_lock lock(state_->mutex);
  state_->stopping = true;
  state_->work.notify_all();
  return state_->done.wait_for(lock, patience, [&] { return state_->live_threads == 0; });
}

}  // namespace netstack
