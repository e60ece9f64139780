#include "model/samples.h"

#include <algorithm>
#include <cstring>
#include <functional>

namespace netstack {
namespace {

constexpr std::size_t kMaxLabelBytes = 1024;  // Longer values are cut; no kernel name comes near.
constexpr std::size_t kFirstText = 1024;

std::size_t SizeOf(std::string_view label) {
  return std::min(label.size(), kMaxLabelBytes);
}

// Returns the end.
char* PutLabel(std::string_view value, char* at) {
  const std::size_t size = SizeOf(value);
  *at++ = static_cast<char>(size & 0xff);
  *at++ = static_cast<char>(size >> 8);
  return std::copy_n(value.data(), size, at);  // Unlike memcpy it takes a label without data.
}

}  // namespace

Samples::Samples(std::span<const Family> families, std::size_t max_samples)
    : families_(families), max_samples_(max_samples), chains_(families.size()) {
  for (std::size_t i = 0; i < families.size(); ++i) {
    chains_[i].label_count = static_cast<std::uint32_t>(families[i].label_count());
  }
}

void Samples::Clear() {
  for (Chain& chain : chains_) chain.first = chain.last = kNone;
  samples_.clear();
  used_ = 0;
  shown_ = 0;
  suppressed_ = 0;
  undeclared_ = 0;
}

void Samples::Add(const Family& family, std::initializer_list<std::string_view> label_values,
                  Number value, Visibility visibility) {
  Append(family, {label_values.begin(), label_values.size()}, {}, value, Part::kValue, visibility);
}

void Samples::Add(const Family& family, std::span<const std::string_view> label_values,
                  Number value, Visibility visibility) {
  Append(family, label_values, {}, value, Part::kValue, visibility);
}

void Samples::AddBucket(const Family& family, std::span<const std::string_view> label_values,
                        std::string_view le, Number cumulative) {
  Append(family, label_values, le, cumulative, Part::kBucket, Visibility::kEverywhere);
}

void Samples::AddSum(const Family& family, std::span<const std::string_view> label_values,
                     Number sum) {
  Append(family, label_values, {}, sum, Part::kSum, Visibility::kEverywhere);
}

void Samples::AddCount(const Family& family, std::span<const std::string_view> label_values,
                       Number count) {
  Append(family, label_values, {}, count, Part::kCount, Visibility::kEverywhere);
}

// Not a string: making that longer would fill it with zeros.
char* Samples::RoomFor(std::size_t bytes) {
  if (used_ + bytes > text_size_) {
    const std::size_t size = std::max(kFirstText, 2 * (used_ + bytes));
    auto larger = std::make_unique_for_overwrite<char[]>(size);
    if (used_ > 0) std::memcpy(larger.get(), text_.get(), used_);
    text_ = std::move(larger);
    text_size_ = size;
  }
  return text_.get() + used_;
}

void Samples::Append(const Family& family, std::span<const std::string_view> label_values,
                     std::string_view le, Number value, Part part, Visibility visibility) {
  const Family* const begin = families_.data();
  const Family* const end = begin + families_.size();
  const bool is_of_table = !std::less<>{}(&family, begin) && std::less<>{}(&family, end);
  Chain* const chain = is_of_table ? &chains_[static_cast<std::size_t>(&family - begin)] : nullptr;
  if (chain == nullptr || chain->label_count != label_values.size()) {
    ++undeclared_;
    return;
  }
  const bool bucket = part == Part::kBucket;
  const auto offset = static_cast<std::uint32_t>(used_);
  std::size_t bytes = 1 + (bucket ? 2 + SizeOf(le) : 0);
  for (const std::string_view label : label_values) bytes += 2 + SizeOf(label);
  char* at = RoomFor(bytes);
  *at++ = static_cast<char>(label_values.size() + (bucket ? 1 : 0));
  for (const std::string_view label : label_values) at = PutLabel(label, at);
  if (bucket) PutLabel(le, at);
  used_ += bytes;

  const bool is_seen = IsPrinted(visibility);
  const bool is_cut = is_seen && shown_ >= max_samples_;
  if (is_cut) ++suppressed_;
  if (is_seen && !is_cut) ++shown_;
  const auto index = static_cast<std::uint32_t>(samples_.size());
  samples_.push_back({.value = value,
                      .next = kNone,
                      .labels = offset,
                      .part = part,
                      .visibility = visibility,
                      .is_cut = is_cut});
  if (chain->first == kNone) {
    chain->first = index;
  } else {
    samples_[chain->last].next = index;
  }
  chain->last = index;
}

std::string_view Samples::View::Label(std::size_t index) const {
  const char* at = owner_.text_.get() + sample_.labels + 1;
  for (std::size_t i = 0; i < index; ++i) at += 2 + ValueAt(at).size();
  return ValueAt(at);
}

std::string_view Samples::View::LabelBytes(std::size_t label_count) const {
  const char* const begin = owner_.text_.get() + sample_.labels + 1;
  const char* at = begin;
  for (std::size_t i = 0; i < label_count; ++i) at += 2 + ValueAt(at).size();
  return {begin, static_cast<std::size_t>(at - begin)};
}

}  // namespace netstack
