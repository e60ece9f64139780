#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace netstack {

// What a page in text format 0.0.4 says, whatever its order and spelling.
struct TextPage {
  struct Head {
    std::string type;
    std::string help;
    bool operator==(const Head&) const = default;
  };
  std::map<std::string, Head> families;
  // By name and labels, sorted, as in `name{a="1",b="2"}` with raw values.
  std::map<std::string, double> samples;
  // The first breach of the format, with its line number; empty: none.
  std::string fault;
};

// What of the format another writer may do otherwise.
struct TextDialect {
  bool any_nan = false;  // "Nan" and the like beside "NaN".
};

// Reads a page strictly: each family in one piece and HELP and TYPE first, no sample twice, no
// unknown escape, no invalid UTF-8, no trailing blank, a newline at the end.
TextPage ParseTextPage(std::string_view text, TextDialect dialect = {});

}  // namespace netstack
