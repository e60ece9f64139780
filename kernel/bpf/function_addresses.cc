#include "kernel/bpf/function_addresses.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <memory>
#include <optional>

namespace netstack {
namespace {

struct Symbol {
  std::uint64_t address = 0;
  std::string_view name;
};

// "ffffffff81dbde60 t veth_poll\t[veth]"; nothing for what is no code.
std::optional<Symbol> ParseSymbol(std::string_view line) {
  Symbol symbol;
  const auto [end, error] =
      std::from_chars(line.data(), line.data() + line.size(), symbol.address, 16);
  line.remove_prefix(static_cast<std::size_t>(end - line.data()));
  if (error != std::errc{} || line.size() < 4 || line[0] != ' ' || line[2] != ' ') return {};
  if (std::string_view("tTwW").find(line[1]) == std::string_view::npos) return {};
  line.remove_prefix(3);
  symbol.name = line.substr(0, line.find_first_of("\t\n"));
  return symbol;
}

struct FileCloser {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

}  // namespace

std::vector<FunctionPart> FindFunctions(const std::string& path,
                                        std::span<const std::string_view> names) {
  std::vector<FunctionPart> parts;
  const std::unique_ptr<std::FILE, FileCloser> file(std::fopen(path.c_str(), "re"));
  if (file == nullptr) return parts;
  std::vector<std::uint64_t> starts;  // Of all code.
  std::array<char, 1024> line;        // A symbol has 511 characters at most.
  while (std::fgets(line.data(), line.size(), file.get()) != nullptr) {
    const std::optional<Symbol> symbol = ParseSymbol(line.data());
    if (!symbol || symbol->address == 0) continue;
    starts.push_back(symbol->address);
    const auto found = std::ranges::find(names, symbol->name.substr(0, symbol->name.find('.')));
    if (found == names.end()) continue;
    parts.push_back(
        {.function = static_cast<std::size_t>(found - names.begin()), .start = symbol->address});
  }
  std::ranges::sort(starts);
  for (FunctionPart& part : parts) {
    const auto next = std::ranges::upper_bound(starts, part.start);
    // The last one of all: nobody knows where it ends.
    part.end = next != starts.end() ? *next : part.start;
  }
  return parts;
}

}  // namespace netstack
