#include "exporter/record/record.h"

#include <linux/netlink.h>
#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "exporter/record/row_text.h"
#include "exporter/record/sampler.h"
#include "exporter/run/print_errors.h"
#include "kernel/bpf/socket_peaks.h"
#include "kernel/capabilities.h"
#include "kernel/netlink/netlink.h"

namespace netstack {
namespace {

using Clock = std::chrono::steady_clock;

struct FileCloser {
  void operator()(std::FILE* file) const {
    if (file != stdout) std::fclose(file);
  }
};
using OpenFile = std::unique_ptr<std::FILE, FileCloser>;

// Waits for a time or for a signal that ends the recording, whichever comes first.
class StopSignal {
 public:
  StopSignal() {
    sigemptyset(&signals_);
    for (const int number : {SIGTERM, SIGINT}) sigaddset(&signals_, number);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  }
  // True when a signal came.
  bool WaitUntil(Clock::time_point time) {
    for (;;) {
      const auto left = std::max(time - Clock::now(), Clock::duration::zero());
      const auto nanoseconds = std::chrono::duration_cast<std::chrono::nanoseconds>(left).count();
      const timespec wait = {.tv_sec = nanoseconds / 1'000'000'000,
                             .tv_nsec = nanoseconds % 1'000'000'000};
      if (sigtimedwait(&signals_, nullptr, &wait) > 0) return true;
      if (Clock::now() >= time) return false;
    }
  }

 private:
  sigset_t signals_;
};

// What looks at the connections; without `peaks` samples are all there is.
struct Eyes {
  Sampler& sampler;
  SocketPeaks* peaks;
  const ConnectionFilter& filter;
};

struct Plan {
  Clock::duration interval{};
  Clock::duration step{};      // From sample to sample.
  Clock::duration duration{};  // 0: until stopped.
  RecordFormat format = RecordFormat::kCsv;
  bool with_idle = false;
};

Plan PlanOf(const OptionValues& options, const ConnectionFilter& filter) {
  const auto interval = std::chrono::duration_cast<Clock::duration>(options.Duration("interval"));
  return {.interval = interval,
          .step = interval / options.Integer("samples"),
          .duration = options.Duration("duration"),
          .format = options.Text("format") == "csv" ? RecordFormat::kCsv : RecordFormat::kJson,
          // Who names connections wants to see that they were idle.
          .with_idle = !filter.is_empty()};
}

class Recording {
 public:
  Recording(const Plan& plan, const Eyes& eyes, std::FILE* file)
      : plan_(plan), eyes_(eyes), file_(file) {}

  int Run(StopSignal& stop);

 private:
  // Samples until the end of an interval. True when the recording ends.
  bool RunInterval(Clock::time_point end, StopSignal& stop);
  void TakeSample();
  void TakePeaks();
  bool Write(std::string_view text);
  bool WriteRows();

  const Plan& plan_;
  const Eyes& eyes_;
  std::FILE* file_;
  std::uint64_t lost_samples_ = 0;
  std::uint64_t lost_events_ = 0;  // Since the beginning.
  std::vector<SocketPeak> found_;
  std::string last_error_;
  std::string text_;
};

bool Recording::Write(std::string_view text) {
  if (text.empty()) return true;  // JSON has no head, and no data is no address to write from.
  if (std::fwrite(text.data(), 1, text.size(), file_) == text.size() && std::fflush(file_) == 0) {
    return true;
  }
  std::perror("netstack_exporter: record: cannot write");
  return false;
}

void Recording::TakePeaks() {
  eyes_.peaks->Next(found_);
  for (const SocketPeak& peak : found_) {
    if (eyes_.filter.Passes(NameOf(peak))) eyes_.sampler.log().AddPeak(peak);
  }
}

bool Recording::WriteRows() {
  RecordMoment moment = {.time = std::chrono::system_clock::now(),
                         .method = "sampled",
                         .lost_samples = std::exchange(lost_samples_, 0)};
  if (eyes_.peaks != nullptr) {
    TakePeaks();
    const std::uint64_t lost = eyes_.peaks->lost();
    moment.method = "measured";
    moment.lost_events = lost - std::exchange(lost_events_, lost);
  }
  text_.clear();
  for (const QueueRow& row : eyes_.sampler.log().Take()) {
    if (plan_.with_idle || !row.WasIdle()) AppendRecordRow(plan_.format, moment, row, text_);
  }
  return Write(text_);
}

void Recording::TakeSample() {
  const Status sampled = eyes_.sampler.Sample();
  if (sampled) return;
  ++lost_samples_;
  // Said once, counted in every row.
  const std::string what = sampled.error().Describe();
  if (what != last_error_) std::fprintf(stderr, "netstack_exporter: record: %s\n", what.c_str());
  last_error_ = what;
}

bool Recording::RunInterval(Clock::time_point end, StopSignal& stop) {
  for (Clock::time_point next = Clock::now(); next < end;) {
    TakeSample();
    next += plan_.step;
    // A pass that took longer than a step leaves samples out.
    for (; next < Clock::now() && next + plan_.step <= end; next += plan_.step) ++lost_samples_;
    if (stop.WaitUntil(std::min(next, end))) return true;
  }
  return false;
}

int Recording::Run(StopSignal& stop) {
  if (!Write(RecordHead(plan_.format))) return EXIT_FAILURE;
  const Clock::time_point begin = Clock::now();
  const Clock::time_point last =
      plan_.duration.count() == 0 ? Clock::time_point::max() : begin + plan_.duration;
  for (Clock::time_point end = begin + plan_.interval;; end += plan_.interval) {
    const bool stopped = RunInterval(std::min(end, last), stop);
    if (!WriteRows()) return EXIT_FAILURE;
    if (stopped || end >= last) return EXIT_SUCCESS;
  }
}

// Null, having said why, where the kernel does not let itself be looked into.
std::unique_ptr<SocketPeaks> OpenPeaks(const OptionValues& options,
                                       const ConnectionFilter& filter) {
  if (options.Text("method") == "sampled") return nullptr;
  auto peaks = SocketPeaks::Open({.ports = filter.Ports()});
  if (peaks) return std::move(*peaks);
  std::fprintf(stderr, "netstack_exporter: record: samples only: %s\n",
               peaks.error().Describe().c_str());
  return nullptr;
}

// All that was to be opened is open.
void GiveUpCapabilities(const SocketPeaks* peaks) {
  const Status dropped = DropCapabilities({.maps = peaks != nullptr && peaks->NeedsPrivilege()});
  if (dropped) return;
  std::fprintf(stderr, "netstack_exporter: record: capabilities are kept: %s\n",
               dropped.error().Describe().c_str());
}

}  // namespace

int Record(const CommandLine& line) {
  StopSignal stop;
  const OptionValues& options = line.options;
  const auto filter = ConnectionFilter::Make(options.List("ports"), options.List("addresses"));
  if (!filter) return PrintErrors({&filter.error(), 1});
  Plan plan = PlanOf(options, *filter);
  if (plan.step.count() <= 0 || plan.duration.count() < 0) {
    const Error error = {
        .kind = ErrorKind::kInvalid, .path = "--interval", .what = "not longer than nothing: '0s'"};
    return PrintErrors({&error, 1});
  }
  const std::unique_ptr<NetlinkSource> kernel = MakeKernelNetlinkSource();
  const auto port = kernel->Open(NETLINK_SOCK_DIAG);
  if (!port) return PrintErrors({&port.error(), 1});
  const std::string& path = options.Text("output");
  const OpenFile file(path.empty() ? stdout : std::fopen(path.c_str(), "we"));
  if (file == nullptr) {
    const Error error = ErrorFromErrno(errno, path, "open");
    return PrintErrors({&error, 1});
  }
  const std::unique_ptr<SocketPeaks> peaks = OpenPeaks(options, *filter);
  GiveUpCapabilities(peaks.get());
  // What stood in the queues at the beginning, and what was put there since: nothing is deeper.
  if (peaks != nullptr) plan.step = plan.interval;
  Sampler sampler(**port, *filter);
  const Eyes eyes = {.sampler = sampler, .peaks = peaks.get(), .filter = *filter};
  return Recording(plan, eyes, file.get()).Run(stop);
}

}  // namespace netstack
