#pragma once

#include <array>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "exporter/exposition/gzip.h"
#include "exporter/exposition/page_gzip.h"
#include "exporter/page/composer.h"

namespace netstack {

// The form of a page on the wire.
struct PageForm {
  PageFormat format = PageFormat::kText;
  bool gzip = false;
};
inline constexpr std::size_t kPageForms = 2 * kPageFormats;

// Hands out pages. Scrapers that ask within the same moment share one round and its bodies; nobody
// gets a page that was begun before he asked. Any number of threads.
class Pages {
 public:
  using Body = std::shared_ptr<const std::string>;

  explicit Pages(Composer& composer) : composer_(composer) {}

  // The whole page, or null when no round could be had before `deadline`.
  Body Whole(PageForm form, Scraper::Clock::time_point deadline);
  // Part of a page. Not shared.
  Body Part(const Selection& selection, PageForm form, Scraper::Clock::time_point deadline);

 private:
  using Wanted = std::array<bool, kPageForms>;
  static std::size_t IndexOf(PageForm form);
  void BuildRound(const Wanted& wanted, Scraper::Clock::time_point deadline);
  // A buffer that no reader holds any more, emptied; its memory is kept. `size` is what a new one
  // should hold.
  std::shared_ptr<std::string> FreeBuffer(std::size_t size);

  Composer& composer_;
  std::mutex build_mutex_;                             // One page is written at a time.
  std::vector<std::shared_ptr<std::string>> buffers_;  // Under build_mutex_, as are the next two.
  std::array<std::string, kPageFormats> plain_;
  std::array<PageGzip, kPageFormats> gzip_;

  std::mutex mutex_;  // Guards the rest.
  std::condition_variable completed_one_;
  std::uint64_t started_ = 0;
  std::uint64_t completed_ = 0;
  bool running_ = false;
  Wanted wanted_next_ = {};
  std::array<Body, kPageForms> bodies_;
};

}  // namespace netstack
