#include "exporter/run/doctor.h"

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <functional>
#include <system_error>
#include <thread>
#include <utility>

#include "collectors/catalog.h"
#include "config/load.h"
#include "exporter/doctor/report.h"
#include "exporter/http/client.h"
#include "exporter/log/logger.h"
#include "exporter/run/collection.h"
#include "exporter/run/longest_queues.h"
#include "exporter/run/print_errors.h"
#include "kernel/file.h"

namespace netstack {
namespace {

constexpr int kNothingWrong = 0;
constexpr int kLossFound = 1;
constexpr int kCouldNotLook = 2;

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

// Two pages, how far they are apart, and what they are of.
struct PagePair {
  Page first;
  Page second;
  double seconds;
  std::string subject;
  std::vector<LongQueue> longest = {};
};

// Asks twice for a page.
Result<PagePair> SampleTwice(const std::function<Result<std::string>()>& ask,
                             std::chrono::nanoseconds interval, const std::string& subject) {
  const Clock::time_point begin = Clock::now();
  const Result<std::string> first = ask();
  if (!first) return first.error();
  std::this_thread::sleep_until(begin + interval);
  const Clock::time_point end = Clock::now();
  const Result<std::string> second = ask();
  if (!second) return second.error();
  Result<Page> earlier = ParsePage(*first, subject);
  if (!earlier) return std::move(earlier).error();
  Result<Page> later = ParsePage(*second, subject);
  if (!later) return std::move(later).error();
  return PagePair{*std::move(earlier), *std::move(later), Seconds(end - begin).count(), subject};
}

Result<PagePair> SampleThisHost(const CommandLine& line, std::chrono::nanoseconds interval) {
  Config config;
  if (const auto errors = LoadConfig(Catalog(), line.sources, config); !errors.empty()) {
    for (std::size_t i = 1; i < errors.size(); ++i) PrintErrors({&errors[i], 1});
    return errors.front();
  }
  // Nobody keeps these series, and a finding has to name the device.
  config.devices.container_ports = true;
  const auto collection = Collection::Make(config, {}, nullptr, nullptr);
  if (!collection) return collection.error();
  const auto ask = [&]() -> Result<std::string> {
    std::string page;
    (*collection)->composer().Compose({}, Clock::now() + config.scrape.timeout, &page, nullptr);
    return page;
  };
  Result<PagePair> samples = SampleTwice(ask, interval, "this host");
  const auto board = (*collection)->offenders();
  const auto offenders = board != nullptr ? board->Latest() : std::nullopt;
  // Whoever runs this sees the same addresses with ss.
  if (samples && offenders) samples->longest = LongestQueues(*offenders);
  return samples;
}

// The files' own times tell how far two saved pages are apart, unless somebody says it.
Result<double> Apart(const std::vector<std::string>& files, std::chrono::nanoseconds said,
                     bool is_default) {
  std::error_code error;
  const auto earlier = std::filesystem::last_write_time(files[0], error);
  const auto later = std::filesystem::last_write_time(files[1], error);
  const double seconds = Seconds(later - earlier).count();
  if (!is_default || error) return Seconds(said).count();
  if (seconds < 0) {
    return Error{
        .kind = ErrorKind::kInvalid,
        .path = files[1],
        .what = "is older than " + files[0] + "; name the earlier page first, or say --interval"};
  }
  // Files that were copied together tell nothing.
  constexpr double kShortest = 0.5;
  return seconds < kShortest ? Seconds(said).count() : seconds;
}

Result<PagePair> ReadSaved(const std::vector<std::string>& files, std::chrono::nanoseconds interval,
                           bool is_default) {
  std::vector<Page> pages;
  for (const std::string& file : files) {
    const Result<std::string> text = ReadFile(file);
    if (!text) return text.error();
    Result<Page> page = ParsePage(*text, file);
    if (!page) return std::move(page).error();
    pages.push_back(*std::move(page));
  }
  const Result<double> seconds = Apart(files, interval, is_default);
  if (!seconds) return seconds.error();
  return PagePair{std::move(pages[0]), std::move(pages[1]), *seconds,
                  files[0] + " and " + files[1]};
}

Result<PagePair> TakeSamples(const CommandLine& line) {
  const std::chrono::nanoseconds interval = line.options.Duration("interval");
  const std::string& url = line.options.Text("url");
  if (interval <= std::chrono::nanoseconds(0)) {
    return Error{
        .kind = ErrorKind::kInvalid, .path = "--interval", .what = "has to be more than 0"};
  }
  if (!line.arguments.empty() && !url.empty()) {
    return Error{.kind = ErrorKind::kInvalid,
                 .path = "doctor",
                 .what = "takes either --url or two saved pages"};
  }
  if (!line.arguments.empty()) {
    const OptionValues defaults(line.options.specs());
    return ReadSaved(line.arguments, interval, interval == defaults.Duration("interval"));
  }
  if (url.empty()) return SampleThisHost(line, interval);
  constexpr std::chrono::seconds kPatience(30);
  return SampleTwice([&] { return HttpGet(url, kPatience); }, interval, url);
}

}  // namespace

int Doctor(const CommandLine& line) {
  const Result<PagePair> samples = TakeSamples(line);
  if (!samples) return PrintErrors({&samples.error(), 1});
  const Interval interval(samples->first, samples->second, samples->seconds);
  Result<Report> report = Examine(interval, samples->subject);
  if (!report) return PrintErrors({&report.error(), 1});
  report->longest = samples->longest;
  const std::string text = line.options.Bool("json") ? WriteJson(*report) : WriteText(*report);
  const bool written =
      std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
  if (!written) return kCouldNotLook;
  return report->HasLoss() ? kLossFound : kNothingWrong;
}

}  // namespace netstack
