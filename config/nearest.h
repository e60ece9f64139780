#pragma once

#include <span>
#include <string>
#include <string_view>

namespace netstack {

// "; did you mean 'listen-address'?" when one of `known` is a slip of the keyboard away from
// `word`, otherwise empty.
std::string DidYouMean(std::string_view word, std::span<const std::string_view> known);

}  // namespace netstack
