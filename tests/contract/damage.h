#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace netstack {

// A text of the kernel as it should never be.
struct Damaged {
  std::string how;
  std::string text;
};

// Cut at every byte (of long texts: at 256 places), emptied, with numbers that are huge, negative
// or none, with columns and lines that are missing, added or there twice, not UTF-8, and noise.
std::vector<Damaged> DamagesOf(std::string_view text);

}  // namespace netstack
