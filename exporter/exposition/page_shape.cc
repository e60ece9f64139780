#include "exporter/exposition/page_shape.h"

#include <algorithm>

namespace netstack {

void PageShape::Learn(std::string_view page) {
  page_.assign(page);
  segments_.clear();
  starts_.clear();
  std::size_t begin = 0;
  const auto end_segment = [&](std::size_t end) {
    segments_.push_back({.begin = static_cast<std::uint32_t>(begin),
                         .size = static_cast<std::uint32_t>(end - begin)});
    starts_.push_back(segments_.back().begin);
  };
  for (std::size_t line = 0; line < page.size();) {
    const std::size_t end = std::min(page.find('\n', line), page.size());
    const std::size_t blank = page.substr(line, end - line).rfind(' ');
    if (page[line] != '#' && blank != std::string_view::npos) {
      end_segment(line + blank + 1);
      begin = end;
    }
    line = end + 1;
  }
  end_segment(page.size());
}

bool PageShape::Fits(std::string_view page) {
  starts_.clear();
  if (segments_.empty()) return false;
  const std::string_view learnt = page_;
  std::size_t at = 0;
  for (const Segment& segment : segments_) {
    // Behind each number but before the first segment.
    if (!starts_.empty()) at = std::min(page.find('\n', at), page.size());
    if (page.substr(at, segment.size) != learnt.substr(segment.begin, segment.size)) return false;
    starts_.push_back(static_cast<std::uint32_t>(at));
    at += segment.size;
  }
  return at == page.size();
}

}  // namespace netstack
