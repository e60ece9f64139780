#pragma once

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "exporter/exposition/format.h"
#include "exporter/exposition/table_writer.h"
#include "exporter/page/selection.h"
#include "exporter/page/shared_families.h"
#include "exporter/path/ledger.h"
#include "exporter/scrape/scrape_samples.h"
#include "exporter/scrape/scraper.h"

namespace netstack {

// Runs rounds and writes their pages. The ledger is brought up to date by rounds of all collectors
// only, because one that misses some would take their counters for gone.
class Composer {
 public:
  // Appends what the exporter says of itself, in the format of the page.
  using AppendSelf = std::function<void(PageFormat, std::string&)>;
  // Sees the reports of every round; for the log.
  using Observer = Scraper::Consumer;

  // `collectors` are the scraper's, in its order.
  Composer(std::unique_ptr<Scraper> scraper, std::vector<const CollectorDeclaration*> collectors,
           AppendSelf append_self, Observer observer);

  // A page of the whole or of a selection for each format that is not null. Appends to them.
  void Compose(const Selection& selection, Scraper::Clock::time_point deadline, std::string* text,
               std::string* open_metrics);

  std::span<const CollectorDeclaration* const> collectors() const { return collectors_; }
  // See Scraper::Stop.
  bool Stop(std::chrono::nanoseconds patience) { return scraper_->Stop(patience); }

 private:
  struct Writers {
    explicit Writers(PageFormat page_format,
                     std::span<const CollectorDeclaration* const> collectors);
    PageFormat format;
    std::vector<TableWriter> collectors;
    TableWriter path;
    TableWriter scrape;
  };
  const Writers& WritersOf(PageFormat format);
  void Write(const Writers& writers, const Selection& selection,
             std::span<const CollectorReport> reports, std::string& out);
  void WriteCollector(std::size_t collector, const Writers& writers,
                      std::span<const Samples* const> shown, std::string& out);

  std::unique_ptr<Scraper> scraper_;
  std::vector<const CollectorDeclaration*> collectors_;
  AppendSelf append_self_;
  Observer observer_;
  Ledger ledger_;
  ScrapeSamples scrape_samples_;
  SharedFamilies shared_;
  std::vector<const Samples*> shown_;  // By collector; null for what is not on the page.
  // By PageFormat, made when the first page of it is asked for.
  std::array<std::optional<Writers>, kPageFormats> writers_;
};

}  // namespace netstack
