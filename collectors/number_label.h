#pragma once

#include <array>
#include <charconv>
#include <cstdint>
#include <string_view>

namespace netstack {

// A label value made of a number, without allocating.
class NumberLabel {
 public:
  explicit NumberLabel(std::uint32_t number)
      : size_(static_cast<std::size_t>(
            std::to_chars(text_.data(), text_.data() + text_.size(), number).ptr - text_.data())) {}
  // Points into the object.
  operator std::string_view() const { return {text_.data(), size_}; }  // NOLINT: on purpose

 private:
  std::array<char, 10> text_ = {};
  std::size_t size_;
};

}  // namespace netstack
