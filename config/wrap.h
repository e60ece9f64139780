#pragma once

#include <string>
#include <string_view>

namespace netstack {

// Appends `text` to `out` as lines of at most 100 columns, broken between words, each beginning
// with `prefix` and ending in a newline. A longer word stands alone.
void AppendWrapped(std::string& out, std::string_view prefix, std::string_view text);

}  // namespace netstack
