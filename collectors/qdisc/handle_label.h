#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace netstack::qdisc {

// Handles and parents as tc writes them, without allocating: "8001:", "1:2", ":1", "root". The
// parent of an ingress or clsact qdisc is "ingress".
class HandleLabel {
 public:
  static HandleLabel OfHandle(std::uint32_t handle);
  static HandleLabel OfParent(std::uint32_t parent);
  operator std::string_view() const { return {text_.data(), size_}; }  // NOLINT: implicit

 private:
  void Append(std::string_view text);
  void AppendHex(std::uint32_t number);
  std::array<char, 12> text_ = {};
  std::size_t size_ = 0;
};

}  // namespace netstack::qdisc
