#include "exporter/page/composer.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "exporter/path/families.h"
#include "exporter/scrape/families.h"

namespace netstack {

Composer::Writers::Writers(PageFormat page_format,
                           std::span<const CollectorDeclaration* const> declared)
    : format(page_format), path(kPathFamilies, page_format), scrape(kScrapeFamilies, page_format) {
  for (const CollectorDeclaration* collector : declared) {
    collectors.emplace_back(collector->families, page_format);
  }
}

Composer::Composer(std::unique_ptr<Scraper> scraper,
                   std::vector<const CollectorDeclaration*> collectors, AppendSelf append_self,
                   Observer observer)
    : scraper_(std::move(scraper)),
      collectors_(std::move(collectors)),
      append_self_(std::move(append_self)),
      observer_(std::move(observer)),
      ledger_(collectors_),
      shared_(collectors_),
      shown_(collectors_.size()) {}

const Composer::Writers& Composer::WritersOf(PageFormat format) {
  std::optional<Writers>& writers = writers_[static_cast<std::size_t>(format)];
  if (!writers) writers.emplace(format, collectors_);
  return *writers;
}

void Composer::Compose(const Selection& selection, Scraper::Clock::time_point deadline,
                       std::string* text, std::string* open_metrics) {
  // bool needs an array of its own: vector<bool> is no range of bool.
  std::unique_ptr<bool[]> wanted;
  if (!selection.path) {
    wanted = std::make_unique<bool[]>(selection.shown.size());
    std::copy(selection.shown.begin(), selection.shown.end(), wanted.get());
  }
  const std::span<const bool> asked(wanted.get(), wanted ? selection.shown.size() : 0);
  const auto consume = [&](std::span<const CollectorReport> reports) {
    if (selection.path) ledger_.Update(reports);
    scrape_samples_.Update(reports);
    if (observer_) observer_(reports);
    if (text != nullptr) Write(WritersOf(PageFormat::kText), selection, reports, *text);
    if (open_metrics != nullptr) {
      Write(WritersOf(PageFormat::kOpenMetrics), selection, reports, *open_metrics);
    }
  };
  // By reference: a std::function allocates for what is larger than two pointers.
  scraper_->Round(asked, deadline, std::cref(consume));
}

void Composer::Write(const Writers& writers, const Selection& selection,
                     std::span<const CollectorReport> reports, std::string& out) {
  if (selection.path) writers.path.Append(ledger_.samples(), out);
  for (std::size_t i = 0; i < reports.size(); ++i) {
    const bool asked = selection.everything() || selection.shown[i] != 0;
    shown_[i] = asked ? reports[i].samples : nullptr;
  }
  for (std::size_t i = 0; i < reports.size(); ++i) WriteCollector(i, writers, shown_, out);
  writers.scrape.Append(scrape_samples_.samples(), out);
  // Of a part, too: who asks for some collectors may well ask for nothing else.
  if (append_self_) append_self_(writers.format, out);
  out += PageEnd(writers.format);
}

void Composer::WriteCollector(std::size_t collector, const Writers& writers,
                              std::span<const Samples* const> shown, std::string& out) {
  if (shown[collector] == nullptr) return;
  if (!shared_.Has(collector)) {
    writers.collectors[collector].Append(*shown[collector], out);
    return;
  }
  for (std::size_t family = 0; family < shown[collector]->families().size(); ++family) {
    const SharedFamilies::Group* const group = shared_.GroupOf(collector, family);
    if (group == nullptr) {
      writers.collectors[collector].AppendFamily(*shown[collector], family, out);
    } else if (group->FirstOf(shown) == collector) {
      auto head = TableWriter::Head::kWith;
      for (const SharedFamilies::Member& member : group->members) {
        const Samples* const samples = shown[member.collector];
        if (samples == nullptr) continue;
        const TableWriter& writer = writers.collectors[member.collector];
        const bool written = writer.AppendFamily(*samples, member.family, out, head);
        if (written) head = TableWriter::Head::kWithout;
      }
    }
  }
}

}  // namespace netstack
