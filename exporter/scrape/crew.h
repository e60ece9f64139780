#pragma once

#include <sys/types.h>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "collectors/collector.h"
#include "collectors/fallback.h"
#include "collectors/last_result.h"

namespace netstack {

using ScrapeClock = std::chrono::steady_clock;

// A collector and where it stands in the rounds.
struct Slot {
  Slot(const CollectorDeclaration* of, std::unique_ptr<Collector> runs, std::size_t max_series)
      : declaration(of),
        collector(std::move(runs)),
        fallback(dynamic_cast<Fallback*>(collector.get())),
        last(dynamic_cast<LastResult*>(collector.get())),
        samples(of->families, max_series) {
    if (fallback != nullptr || last != nullptr) instead.emplace(of->families, max_series);
  }

  const CollectorDeclaration* declaration;
  std::unique_ptr<Collector> collector;
  Fallback* fallback;  // The collector, if it is one; the same for the next.
  LastResult* last;
  // What is shown while the collector is in a call: of a LastResult what the call before added. The
  // round's caller owns it.
  std::optional<Samples> instead;
  // The thread that runs the collector owns these while `busy`, the round's caller otherwise.
  Samples samples;
  Outcome outcome;
  double seconds = 0;
  // Round numbers, and the rest, under the crew's mutex.
  std::uint64_t asked = 0;
  std::uint64_t started = 0;
  std::uint64_t finished = 0;
  bool busy = false;
  std::optional<std::chrono::nanoseconds> patience;  // Of a LastResult, in this round.
  bool awaited = true;                               // Counted in Crew::left when asked.
  pid_t thread = 0;                                  // That started it last.
  ScrapeClock::time_point started_at;
};

// The threads that run collectors, as few as will do: one of them, the runner, calls one collector
// after the other. The round's caller makes another the runner when a call takes too long; who is
// in that call is then waited for, or not, by the caller. Kept alive by each of its threads, for
// one that is stuck in the kernel can neither be ended nor joined.
class Crew : public std::enable_shared_from_this<Crew> {
 public:
  // More than that wait for work only until they notice.
  static constexpr int kMostIdle = 2;

  // Lets a thread go on with the slots that have been asked and not started. `lock` is held and is
  // held again afterwards.
  void Go(std::unique_lock<std::mutex>& lock);
  // What the runner is in, or null.
  const Slot* Running() const;

  std::mutex mutex;  // Guards all below and the slots.
  std::condition_variable work;
  std::condition_variable done;
  std::vector<std::unique_ptr<Slot>> slots;
  std::vector<Slot*> order;  // In which they are run.
  std::uint64_t round = 0;
  std::size_t left = 0;      // Those awaited in this round that have not finished.
  std::size_t given_up = 0;  // Of them, those that the caller does not wait for any more.
  pid_t runner = 0;          // 0: there is none, and the next thread that finds work is.
  int idle = 0;
  int live_threads = 0;
  bool stopping = false;

 private:
  void StartThread();
  void Work();
  void Run(Slot& slot, std::unique_lock<std::mutex>& lock);
  Slot* Next() const;
};

}  // namespace netstack
