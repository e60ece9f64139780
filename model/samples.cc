#include "model/samples.h"

#include <algorithm>
#include <cstring>
#include <functional>

namespace netstack {
namespace {

constexpr std::size_t kMaxLabelBytes = 1024;  // Longer values are cut; no kernel name comes near.
constexpr std::size_t kMaxSampleBytes = 1 + (kMaxLabels + 1) * (2 + kMaxLabelBytes);

// Returns the end. `at` has room for kMaxLabelBytes and the length.
char* PutLabel(std::string_view value, char* at) {
  const std::size_t size = std::min(value.size(), kMaxLabelBytes);
  *at++ = static_cast<char>(size & 0xff);
  *at++ = static_cast<char>(size >> 8);
  std::memcpy(at, value.data(), size);
  return at + size;
}

}  // namespace

Samples::Samples(std::span<const Family> families, std::size_t max_samples)
    : families_(families), max_samples_(max_samples), chains_(families.size()) {}

void Samples::Clear() {
  std::fill(chains_.begin(), chains_.end(), Chain{});
  samples_.clear();
  used_ = 0;
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

void Samples::Append(const Family& family, std::span<const std::string_view> label_values,
                     std::string_view le, Number value, Part part, Visibility visibility) {
  const Family* const begin = families_.data();
  const Family* const end = begin + families_.size();
  const bool declared = !std::less<>{}(&family, begin) && std::less<>{}(&family, end) &&
                        family.label_count() == label_values.size();
  if (!declared) {
    ++undeclared_;
    return;
  }
  if (samples_.size() >= max_samples_) {
    ++suppressed_;
    return;
  }
  const auto offset = static_cast<std::uint32_t>(used_);
  const bool bucket = part == Part::kBucket;
  if (text_.size() < used_ + kMaxSampleBytes) text_.resize(2 * used_ + kMaxSampleBytes);
  char* at = text_.data() + used_;
  *at++ = static_cast<char>(label_values.size() + (bucket ? 1 : 0));
  for (const std::string_view label : label_values) at = PutLabel(label, at);
  if (bucket) at = PutLabel(le, at);
  used_ = static_cast<std::size_t>(at - text_.data());

  const auto index = static_cast<std::uint32_t>(samples_.size());
  samples_.push_back(
      {.value = value, .next = kNone, .labels = offset, .part = part, .visibility = visibility});
  Chain& chain = chains_[static_cast<std::size_t>(&family - begin)];
  if (chain.first == kNone) {
    chain.first = index;
  } else {
    samples_[chain.last].next = index;
  }
  chain.last = index;
}

std::string_view Samples::View::Label(std::size_t index) const {
  const char* at = owner_.text_.data() + sample_.labels + 1;
  for (std::size_t i = 0; i < index; ++i) at += 2 + ValueAt(at).size();
  return ValueAt(at);
}

std::string_view Samples::View::LabelBytes(std::size_t label_count) const {
  const char* const begin = owner_.text_.data() + sample_.labels + 1;
  const char* at = begin;
  for (std::size_t i = 0; i < label_count; ++i) at += 2 + ValueAt(at).size();
  return {begin, static_cast<std::size_t>(at - begin)};
}

}  // namespace netstack
