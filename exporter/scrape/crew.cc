#include "exporter/scrape/crew.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <exception>
#include <string>
#include <system_error>
#include <thread>

namespace netstack {
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

Outcome Thrown(const Slot& slot, std::string what) {
  return Outcome::FromError({.kind = ErrorKind::kIo,
                             .path = std::string(slot.declaration->name),
                             .what = std::move(what)});
}

Outcome RunCollector(Slot& slot) {
  slot.samples.Clear();
  try {
    return slot.collector->Collect(slot.samples);
  } catch (const std::exception& thrown) {
    return Thrown(slot, std::string("exception: ") + thrown.what());
  } catch (...) {
    return Thrown(slot, "exception");
  }
}

}  // namespace

void Crew::Go(std::unique_lock<std::mutex>& lock) {
  runner = 0;
  const bool all_at_work = idle == 0;
  // Whoever wakes up wants the mutex.
  lock.unlock();
  if (all_at_work) {
    StartThread();
  } else {
    work.notify_one();
  }
  lock.lock();
}

const Slot* Crew::Running() const {
  for (const Slot* const slot : order) {
    if (slot->busy && slot->thread == runner) return slot;
  }
  return nullptr;
}

// Without a thread nothing is run until there is one again, and all of it is reported as late.
void Crew::StartThread() {
  {
    const std::scoped_lock lock(mutex);
    ++live_threads;
  }
  try {
    const SignalsBlocked blocked;
    std::thread([self = shared_from_this()] { self->Work(); }).detach();
  } catch (const std::system_error&) {
    const std::scoped_lock lock(mutex);
    --live_threads;
  }
}

Slot* Crew::Next() const {
  for (Slot* const slot : order) {
    if (!slot->busy && slot->asked > slot->started) return slot;
  }
  return nullptr;
}

void Crew::Work() {
  const pid_t me = gettid();
  pthread_setname_np(pthread_self(), "collectors");
  std::unique_lock lock(mutex);
  while (!stopping && idle < kMostIdle) {
    ++idle;
    work.wait(lock, [this] { return stopping || (runner == 0 && Next() != nullptr); });
    --idle;
    if (stopping) break;
    runner = me;
    for (Slot* slot = Next(); runner == me && slot != nullptr && !stopping; slot = Next()) {
      Run(*slot, lock);
    }
    if (runner == me) runner = 0;
  }
  --live_threads;
  done.notify_all();
}

void Crew::Run(Slot& slot, std::unique_lock<std::mutex>& lock) {
  slot.started = slot.asked;
  slot.busy = true;
  slot.thread = runner;
  slot.started_at = ScrapeClock::now();
  lock.unlock();
  Outcome outcome = RunCollector(slot);
  const double seconds =
      std::chrono::duration<double>(ScrapeClock::now() - slot.started_at).count();
  lock.lock();
  slot.outcome = std::move(outcome);
  slot.seconds = seconds;
  slot.busy = false;
  slot.finished = slot.started;
  // A late result does not count.
  if (slot.awaited && slot.finished == round && --left <= given_up) done.notify_all();
}

}  // namespace netstack
