#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/result.h"

namespace netstack {

// A name and its value, as a page writes them between braces.
struct PageLabel {
  std::string name;
  std::string value;
  auto operator<=>(const PageLabel&) const = default;
};

// One series of a page.
struct PageSeries {
  std::vector<PageLabel> labels;  // Sorted by name; those with an empty value are left out.
  double value = 0;

  // Empty when the series has no such label.
  std::string_view Label(std::string_view name) const;
};

// What a page of metrics says, by name of the sample (with _total, _bucket and so on).
class Page {
 public:
  // In the page's order; empty when there is none.
  std::span<const PageSeries> Find(std::string_view name) const;
  std::size_t size() const;  // Number of series.

 private:
  friend class PageReader;
  std::map<std::string, std::vector<PageSeries>, std::less<>> series_;
};

// Reads a page in the text format 0.0.4 or, if its last line is "# EOF", in OpenMetrics 1.0. `path`
// is what errors call it: a file or an URL. Strict: the first breach of the format is the error
// (kMalformed), with line and column. A page that is cut off is refused in both formats as far as
// they let that be seen.
Result<Page> ParsePage(std::string_view text, std::string_view path);

}  // namespace netstack
