#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "kernel/result.h"

namespace netstack::link {

// A line of /proc/net/dev. The file takes no lock that anybody holds for long.
struct NetDevLine {
  std::string_view name;  // Points into the text.
  // rx: bytes packets errs drop fifo frame compressed multicast; tx: bytes packets errs drop fifo
  // colls carrier compressed.
  std::array<std::uint64_t, 16> columns = {};
};

// `path` is for errors. After an error `out` has the lines before it.
Status ParseNetDev(std::string_view text, std::string_view path, std::vector<NetDevLine>& out);

}  // namespace netstack::link
