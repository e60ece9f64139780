#include "collectors/protocols/counter_file.h"

#include <span>
#include <utility>

#include "collectors/protocols/families.h"

namespace netstack::protocols {

CounterFile::CounterFile(File file, Parse parse, const FieldMap& map, Tier tier)
    : file_(std::move(file)), parse_(parse), map_(map), tier_(tier) {}

Status CounterFile::AddTo(Samples& out) {
  const Result<std::string_view> text = file_.Read();
  if (!text) return text.error();
  if (Status parsed = parse_(*text, values_); !parsed) return parsed;
  if (mapped_layout_ != values_.layout) MapColumns();
  if (Status signs = CheckSigns(); !signs) return signs;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const Column& column = columns_[i];
    if (values_.values[i].negative && column.form == Form::kUnknown) continue;
    out.Add(*column.family, std::span(column.labels.data(), column.label_count),
            NumberOf(values_.values[i], column.form), column.visibility);
  }
  return {};
}

CounterFile::Column CounterFile::ColumnOf(const Field& field) const {
  const auto match = map_.Find(field.group, field.name);
  if (!match) {
    return {.family = &kFamilies[kUnknownField],
            .labels = {field.group, field.name},
            .label_count = 2,
            .form = Form::kUnknown};
  }
  const Family& family = kFamilies[match->family];
  Form form = family.type == MetricType::kCounter ? Form::kCounter : Form::kGauge;
  // The kernel has no seconds here: what is exported in seconds, it gives in milliseconds.
  if (family.name.find("_seconds") != std::string_view::npos) form = Form::kMilliseconds;
  return {.family = &family,
          .labels = {match->ip_version, match->icmp_type},
          .label_count = family.label_count(),
          .form = form,
          .visibility = family.tier <= tier_ ? Visibility::kEverywhere : Visibility::kHidden};
}

void CounterFile::MapColumns() {
  columns_.clear();
  for (const Field& field : values_.fields) columns_.push_back(ColumnOf(field));
  mapped_layout_ = values_.layout;
}

Status CounterFile::CheckSigns() const {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const Form form = columns_[i].form;
    if (!values_.values[i].negative || form == Form::kGauge || form == Form::kUnknown) continue;
    const Field& field = values_.fields[i];
    return MalformedAt(file_.path(), 0, "a count below zero", field.group + " " + field.name);
  }
  return {};
}

Number CounterFile::NumberOf(const FieldValue& value, Form form) {
  switch (form) {
    case Form::kCounter:
    case Form::kUnknown:
      break;
    case Form::kGauge:
      // MaxConn may be -1, and a sum over CPUs can be below zero for a moment.
      if (const auto level = static_cast<std::int64_t>(value.bits); level < 0) {
        return static_cast<double>(level);
      }
      break;
    case Form::kMilliseconds:
      return static_cast<double>(value.bits) / 1000.0;
  }
  return value.bits;
}

}  // namespace netstack::protocols
