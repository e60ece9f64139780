#pragma once

#include <array>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "exporter/scrape/scraper.h"

// Collectors made of a function, and a round of them as words.
namespace netstack {

inline constexpr auto kTable = std::to_array<Family>({{.name = "netstack_test", .help = "Test."}});

class FakeCollector : public Collector {
 public:
  explicit FakeCollector(std::function<Outcome(Samples&)> body) : body_(std::move(body)) {}
  Outcome Collect(Samples& out) override { return body_(out); }

 private:
  std::function<Outcome(Samples&)> body_;
};

constexpr CollectorDeclaration Declared(std::string_view name, bool may_block = false) {
  return {.name = name, .may_block = may_block, .families = kTable};
}
inline constexpr CollectorDeclaration kFirst = Declared("first");
inline constexpr CollectorDeclaration kSecond = Declared("second");
inline constexpr CollectorDeclaration kThird = Declared("third");
inline constexpr CollectorDeclaration kLane = Declared("lane", true);
inline constexpr CollectorDeclaration kSecondLane = Declared("second_lane", true);

inline Outcome AddOne(Samples& out) {
  out.Add(kTable[0], {}, std::uint64_t{1});
  return {};
}

inline std::vector<ScrapedCollector> Collectors(
    std::vector<std::pair<const CollectorDeclaration*, std::function<Outcome(Samples&)>>> bodies) {
  std::vector<ScrapedCollector> out;
  for (auto& [declaration, body] : bodies) {
    out.push_back({declaration, std::make_unique<FakeCollector>(std::move(body))});
  }
  return out;
}

// Name to "state:number of samples", "-" when not asked.
inline std::map<std::string, std::string> RunRound(
    Scraper& scraper, std::vector<char> wanted = {},
    std::chrono::milliseconds patience = std::chrono::seconds(20)) {
  std::map<std::string, std::string> out;
  const std::unique_ptr<bool[]> flags(new bool[wanted.size()]);
  std::copy(wanted.begin(), wanted.end(), flags.get());
  scraper.Round({flags.get(), wanted.size()}, Scraper::Clock::now() + patience,
                [&](std::span<const CollectorReport> reports) {
                  for (const CollectorReport& report : reports) {
                    std::string& text = out[std::string(report.declaration->name)];
                    text = !report.asked ? "-" : std::string(Slug(report.state));
                    if (report.samples) text += ":" + std::to_string(report.samples->size());
                  }
                });
  return out;
}

using Reports = std::map<std::string, std::string>;

}  // namespace netstack
