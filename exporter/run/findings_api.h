#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <vector>

#include "exporter/doctor/page.h"
#include "exporter/http/message.h"
#include "exporter/run/collection.h"

namespace netstack {

// Answers /api/v1/findings: what the doctor says of the time since an earlier call. Remembers a few
// pages of the last minute, and so costs nothing while nobody asks. Any number of threads.
class FindingsApi {
 public:
  // The doctor's report in the envelope of Prometheus' own API:
  //   {"status":"success","data":{"seconds":5.0,"findings":[...],...}}
  // with null as data where no earlier page is old enough yet.
  Response Answer(Collection& collection, Scraper::Clock::time_point deadline);

  // What was seen is of another collection.
  void Forget();

 private:
  using Clock = std::chrono::steady_clock;
  struct Kept {
    Clock::time_point at;
    std::shared_ptr<const Page> page;
  };
  // The oldest page that is neither too old nor too young; null if there is none.
  Kept Exchange(const Kept& now);

  std::mutex mutex_;
  std::vector<Kept> kept_;  // The oldest first.
};

}  // namespace netstack
