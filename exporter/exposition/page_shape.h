#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace netstack {

// A page as the texts between its numbers. From one scrape to the next the texts stay and the
// numbers change, lengths included.
class PageShape {
 public:
  // One text: all lines up to a sample's number. The newline behind a number begins the next text.
  struct Segment {
    std::uint32_t begin = 0;  // In page().
    std::uint32_t size = 0;
  };

  // Takes the shape of `page`, whose text is copied; starts() are its own.
  void Learn(std::string_view page);

  // True if `page` differs in numbers only. starts() then tells where its segments begin.
  bool Fits(std::string_view page);

  const std::string& page() const { return page_; }
  const std::vector<Segment>& segments() const { return segments_; }
  const std::vector<std::uint32_t>& starts() const { return starts_; }

 private:
  std::string page_;
  std::vector<Segment> segments_;
  std::vector<std::uint32_t> starts_;
};

}  // namespace netstack
