#pragma once

#include <optional>
#include <string_view>

#include "exporter/exposition/gzip.h"
#include "exporter/exposition/page_codes.h"
#include "exporter/exposition/page_matches.h"
#include "exporter/exposition/page_shape.h"
#include "kernel/raw_buffer.h"

namespace netstack {

// Compresses pages of which each is like the one before but for its numbers, at a fraction of what
// compressing them anew costs; any other page as Gzip does. Keep one for each format and selection
// of collectors. One thread at a time. See
// docs/decisions/0020-pages-are-compressed-by-what-they-repeat.md.
class PageGzip {
 public:
  // The page as one gzip member, valid until the next call. Empty if memory ran out.
  std::string_view Compress(std::string_view page);

 private:
  std::string_view Encode(std::string_view page);

  std::optional<Gzip> gzip_;  // Made when a page is none like the one before.
  PageShape shape_;
  PageMatches matches_;  // Empty until the shape has proved to last.
  PageCodes codes_;      // Of matches_.
  // Pages of the shape so far, and how many it takes to prove that. The first shape is believed at
  // once, so that all memory is there from the second page on.
  int pages_ = 0;
  int patience_ = 0;
  RawBuffer<char> buffer_;
};

}  // namespace netstack
