#pragma once

#include <span>
#include <string_view>

namespace netstack {

// A file of the page at "/", in the program.
struct Asset {
  std::string_view name;  // Such as "main.mjs".
  std::string_view text;
};

std::span<const Asset> Assets();

}  // namespace netstack
