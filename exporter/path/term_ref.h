#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "exporter/path/rows.h"
#include "exporter/scrape/scraper.h"

namespace netstack {

// Where a term's samples are, found once by name.
class TermRef {
 public:
  // nullopt for an empty term. A family that none of `collectors` declares gives a reference that
  // has no samples and whose reason is "disabled".
  static std::optional<TermRef> Find(const Term& term,
                                     std::span<const CollectorDeclaration* const> collectors);

  // Calls `visit(view)` for each sample that the term selects.
  template <class Visitor>
  void ForEach(std::span<const CollectorReport> reports, Visitor&& visit) const {
    if (declaration_ == nullptr || reports[collector_].samples == nullptr) return;
    // What is cut from the page has happened all the same.
    reports[collector_].samples->ForEachEvenCut(family_, [&](const Samples::View& view) {
      if (Selects(filter_, view) && Selects(second_filter_, view)) visit(view);
    });
  }

  // The sample's device, or empty when the family has none.
  std::string_view Device(const Samples::View& view) const {
    return device_ ? view.Label(*device_) : std::string_view{};
  }
  std::string_view Labels(const Samples::View& view) const { return view.LabelBytes(labels_); }

  // Why the term has no samples in this round: a collector's state, "disabled", "no_permission"
  // where the collector was refused a part of what it reads, or "kernel" when the collector is fine
  // and the kernel just does not count it. Empty when it was not asked.
  std::string_view ReasonOfAbsence(std::span<const CollectorReport> reports) const;

  // Of which devices the term counts.
  Per per() const { return per_; }
  const Family* declaration() const { return declaration_; }
  // True if one device has one sample only, so that its value can be shown as it is.
  bool IsSinglePerDevice() const { return single_per_device_; }

 private:
  struct Filter {
    std::size_t label;
    std::string_view value;
  };
  static bool Selects(const std::optional<Filter>& filter, const Samples::View& view) {
    return !filter || view.Label(filter->label) == filter->value;
  }

  const Family* declaration_ = nullptr;
  std::size_t collector_ = 0;
  std::size_t family_ = 0;
  std::size_t labels_ = 0;
  std::optional<Filter> filter_;
  std::optional<Filter> second_filter_;
  std::optional<std::size_t> device_;
  Per per_ = Per::kDevice;
  bool single_per_device_ = true;
};

}  // namespace netstack
