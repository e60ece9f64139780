#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/error.h"

namespace netstack {

// A YAML document as it was written: every value knows where it stands and whether it was quoted.
struct YamlNode {
  enum class Kind { kNull, kScalar, kSequence, kMapping };
  Kind kind = Kind::kNull;
  std::size_t line = 1;  // 1-based, as columns are.
  std::size_t column = 1;
  std::string text;             // kScalar.
  bool quoted = false;          // kScalar.
  std::vector<YamlNode> keys;   // kMapping: one for each item; each a scalar, none twice.
  std::vector<YamlNode> items;  // kSequence, kMapping.
};

// Parses the one document of `text`; an empty one is kNull. YAML is taken strictly: invalid UTF-8,
// control characters, a second document, duplicate keys, merge keys, aliases and tags are errors.
// They are added to `errors` with `path`, line and column; the tree is whole only when none was.
YamlNode ParseYaml(std::string_view path, std::string_view text, std::vector<Error>& errors);

}  // namespace netstack
