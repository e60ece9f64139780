#include "exporter/page/pages.h"

#include <utility>

namespace netstack {

std::size_t Pages::IndexOf(PageForm form) {
  return 2 * static_cast<std::size_t>(form.format) + (form.gzip ? 1 : 0);
}

std::shared_ptr<std::string> Pages::FreeBuffer(std::size_t size) {
  for (const std::shared_ptr<std::string>& buffer : buffers_) {
    if (buffer.use_count() == 1) {
      buffer->clear();
      return buffer;
    }
  }
  // Two, because the next page is written while this one is still to be had; and with room, because
  // numbers grow.
  for (int i = 0; i < 2; ++i) {
    buffers_.push_back(std::make_shared<std::string>());
    buffers_.back()->reserve(size + size / 8);
  }
  return buffers_.back();
}

Pages::Body Pages::Whole(PageForm form, Scraper::Clock::time_point deadline) {
  const std::size_t index = IndexOf(form);
  std::unique_lock lock(mutex_);
  const std::uint64_t mine = started_ + 1;  // The first round that begins after this moment.
  wanted_next_[index] = true;
  while (completed_ < mine) {
    if (running_) {
      if (completed_one_.wait_until(lock, deadline) == std::cv_status::timeout) return nullptr;
      continue;
    }
    running_ = true;
    ++started_;
    const Wanted wanted = std::exchange(wanted_next_, Wanted{});
    lock.unlock();
    BuildRound(wanted, deadline);
    lock.lock();
    completed_ = started_;
    running_ = false;
    completed_one_.notify_all();
  }
  return bodies_[index];
}

void Pages::BuildRound(const Wanted& wanted, Scraper::Clock::time_point deadline) {
  const std::scoped_lock build(build_mutex_);
  std::array<std::string*, kPageFormats> pages = {};
  for (std::size_t i = 0; i < kPageFormats; ++i) {
    if (!wanted[2 * i] && !wanted[2 * i + 1]) continue;
    plain_[i].clear();
    pages[i] = &plain_[i];
  }
  composer_.Compose({}, deadline, pages[0], pages[1]);
  for (std::size_t i = 0; i < kPageForms; ++i) {
    if (!wanted[i]) continue;
    const std::string& page = plain_[i / 2];
    const std::string_view form = i % 2 == 0 ? page : gzip_[i / 2].Compress(page);
    const std::shared_ptr<std::string> body = FreeBuffer(form.size());
    *body = form;
    const std::scoped_lock lock(mutex_);
    bodies_[i] = body;
  }
}

Pages::Body Pages::Part(const Selection& selection, PageForm form,
                        Scraper::Clock::time_point deadline) {
  const std::scoped_lock build(build_mutex_);
  const auto page = std::make_shared<std::string>();
  const bool text = form.format == PageFormat::kText;
  composer_.Compose(selection, deadline, text ? page.get() : nullptr, text ? nullptr : page.get());
  if (form.gzip) *page = std::string(Gzip().Compress(*page));
  return page;
}

}  // namespace netstack
