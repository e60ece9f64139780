#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/result.h"

namespace netstack {

// A file of /proc/net/stat: a line of column names, then a line of hex numbers for each CPU.
struct PerCpuStat {
  struct Column {
    std::string name;
    std::uint64_t sum = 0;  // Over all CPUs, modulo 2^64.
    bool operator==(const Column&) const = default;
  };
  std::vector<Column> columns;  // In the file's order.

  // nullopt when this kernel does not have the column.
  std::optional<std::uint64_t> Sum(std::string_view name) const;
  bool operator==(const PerCpuStat&) const = default;
};

// Parses such a file. Columns are known by name: kernels name, move and drop them. `entries`, which
// repeats one total on every line, is taken from the first line. `out` keeps its memory; after an
// error its content is unspecified.
Status ParsePerCpuStat(std::string_view text, std::string_view path, PerCpuStat& out);

}  // namespace netstack
