#include "collectors/link_news.h"

#include <linux/rtnetlink.h>

#include <algorithm>
#include <utility>

namespace netstack {
namespace {

// A device that goes is told of before it leaves /sys: the call after the news counts, too.
constexpr int kCallsAfterNews = 2;
// /sys may be of another network namespace, whose news are not heard here.
constexpr int kMostQuietCalls = 7;

}  // namespace

bool LinkNews::MayHaveChanged() {
  if (!std::exchange(has_begun_, true)) {
    calls_to_go_ = kCallsAfterNews;
    if (kernel_.file_life == FileLife::kStaysOpen) {
      auto listener = kernel_.netlink.Listen(NETLINK_ROUTE, RTNLGRP_LINK);
      if (listener) listener_ = *std::move(listener);
    }
  }
  if (listener_ == nullptr) return true;
  bool has_news = false;
  const Status taken = listener_->TakeNews([&has_news](const NetlinkMessage&) { has_news = true; });
  if (has_news || !taken) calls_to_go_ = kCallsAfterNews;
  const bool may = calls_to_go_ > 0 || quiet_calls_ == kMostQuietCalls;
  calls_to_go_ = std::max(calls_to_go_ - 1, 0);
  quiet_calls_ = may ? 0 : quiet_calls_ + 1;
  return may;
}

void LinkNews::Retry() {
  calls_to_go_ = std::max(calls_to_go_, 1);
}

}  // namespace netstack
