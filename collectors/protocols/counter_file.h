#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "collectors/protocols/field_map.h"
#include "collectors/protocols/field_values.h"
#include "kernel/file.h"
#include "model/family.h"
#include "model/samples.h"

namespace netstack::protocols {

// One of the kernel's counter files: what it held last, and which family each of its fields
// belongs to. Families are looked up only when the names in the file have changed.
class CounterFile {
 public:
  using Parse = Status (*)(std::string_view text, FieldValues& out);

  // `map` must outlive the object. Samples of families above `tier` are hidden: they feed the path
  // families, but are not shown.
  CounterFile(File file, Parse parse, const FieldMap& map, Tier tier);

  // Reads the file and adds a sample for each field, but for an unknown one that is below zero: it
  // would be shown as a counter. After an error nothing was added.
  Status AddTo(Samples& out);

 private:
  enum class Form : std::uint8_t { kCounter, kGauge, kMilliseconds, kUnknown };
  struct Column {
    const Family* family = nullptr;
    std::array<std::string_view, 2> labels = {};  // Constants, or parts of values_.fields.
    std::size_t label_count = 0;
    Form form = Form::kCounter;
    Visibility visibility = Visibility::kEverywhere;
  };

  Column ColumnOf(const Field& field) const;
  void MapColumns();
  Status CheckSigns() const;
  static Number NumberOf(const FieldValue& value, Form form);

  File file_;
  Parse parse_;
  const FieldMap& map_;
  Tier tier_;
  FieldValues values_;
  std::vector<Column> columns_;  // As many as values_.fields.
  std::uint64_t mapped_layout_ = 0;
};

}  // namespace netstack::protocols
