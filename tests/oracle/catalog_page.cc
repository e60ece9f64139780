#include "tests/oracle/catalog_page.h"

#include "collectors/catalog.h"
#include "exporter/path/families.h"
#include "exporter/scrape/families.h"

namespace netstack {

CatalogPage::CatalogPage() {
  for (const CollectorDeclaration* const collector : Catalog()) AddTable(collector->families);
  AddTable(kPathFamilies);
  AddTable(kScrapeFamilies);
}

void CatalogPage::AddTable(std::span<const Family> families) {
  Samples& samples = tables_.emplace_back(families);
  for (const Family& family : families) {
    // What several collectors share is there once, as on a page.
    if (!names_.insert(family.name).second) continue;
    const std::vector<std::string_view> labels(family.label_count(), "a");
    if (family.type != MetricType::kHistogram && family.type != MetricType::kGaugeHistogram) {
      samples.Add(family, labels, std::uint64_t{1});
      continue;
    }
    samples.AddBucket(family, labels, "1", std::uint64_t{1});
    samples.AddBucket(family, labels, "+Inf", std::uint64_t{2});
    samples.AddSum(family, labels, 3.5);
    samples.AddCount(family, labels, std::uint64_t{2});
  }
}

}  // namespace netstack
