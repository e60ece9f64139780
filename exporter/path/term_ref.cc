#include "exporter/path/term_ref.h"

#include "collectors/shared_families.h"

namespace netstack {

std::optional<TermRef> TermRef::Find(const Term& term,
                                     std::span<const CollectorDeclaration* const> collectors) {
  if (term.family.empty()) return std::nullopt;
  TermRef ref;
  // Of a family that several collectors share, the first has the settings that rows refer to.
  for (std::size_t i = 0; i < collectors.size() && ref.declaration_ == nullptr; ++i) {
    const std::span<const Family> families = collectors[i]->families;
    for (std::size_t j = 0; j < families.size(); ++j) {
      if (families[j].name != term.family || IsOfOtherNamespaces(families[j])) continue;
      ref.declaration_ = &families[j];
      ref.collector_ = i;
      ref.family_ = j;
    }
  }
  if (ref.declaration_ == nullptr) return ref;
  ref.labels_ = ref.declaration_->label_count();
  ref.per_ = term.per;
  for (std::size_t i = 0; i < ref.labels_; ++i) {
    const std::string_view label = ref.declaration_->labels[i];
    if (label == "device") {
      ref.device_ = i;
    } else if (label == term.label) {
      ref.filter_ = Filter{.label = i, .value = term.value};
    } else if (label == term.second_label) {
      ref.second_filter_ = Filter{.label = i, .value = term.second_value};
    } else {
      ref.single_per_device_ = false;
    }
  }
  return ref;
}

std::string_view TermRef::ReasonOfAbsence(std::span<const CollectorReport> reports) const {
  if (declaration_ == nullptr) return "disabled";
  const CollectorReport& report = reports[collector_];
  if (!report.asked) return {};
  // After a timeout there may be a part of the samples.
  const bool is_whole = report.samples != nullptr && report.state != CollectorState::kTimeout;
  if (!is_whole) return Slug(report.state);
  // The others of the collector may be there all the same. Of devices it may be another's.
  const bool was_refused =
      !device_ && report.error != nullptr && report.error->kind == ErrorKind::kNoPermission;
  return was_refused ? Slug(CollectorState::kNoPermission) : std::string_view("kernel");
}

}  // namespace netstack
