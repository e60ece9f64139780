#include "collectors/irq/interrupts_file.h"

#include <optional>

#include "kernel/text.h"

namespace netstack::irq {
namespace {

Status ParseHead(std::string_view line, std::string_view path, Interrupts& out) {
  std::string_view word;
  while (NextWord(line, word)) {
    const auto cpu = word.starts_with("CPU") ? ParseDecimal(word.substr(3)) : std::nullopt;
    if (!cpu || *cpu > UINT32_MAX) return MalformedAt(path, 1, "not a CPU", word);
    out.cpus.push_back(static_cast<std::uint32_t>(*cpu));
  }
  if (out.cpus.empty()) return MalformedAt(path, 1, "no CPU in the head", "");
  return {};
}

// What follows the last blank run. The kernel pads the type to 8 and puts two blanks before the
// actions, which are separated by a comma and one blank; a chip's name may have blanks too.
std::string_view ActionsOf(std::string_view rest) {
  const std::string_view trimmed = Trimmed(rest);
  for (std::size_t i = trimmed.size(); i >= 2; --i) {
    if (trimmed[i - 1] == ' ' && trimmed[i - 2] == ' ') return trimmed.substr(i);
  }
  return {};
}

}  // namespace

Status ParseInterrupts(std::string_view text, std::string_view path, Interrupts& out) {
  out.cpus.clear();
  out.rows.clear();
  out.counts.clear();
  std::string_view line;
  if (!NextLine(text, line)) return MalformedAt(path, 1, "no CPU in the head", "");
  if (Status head = ParseHead(line, path, out); !head) return head;
  for (std::size_t number = 2; NextLine(text, line); ++number) {
    std::string_view label;
    // Rows without a number (NMI, LOC, ERR) are no device's, and some have one count only.
    if (!NextWord(line, label) || !label.ends_with(':')) continue;
    label.remove_suffix(1);
    const std::optional<std::uint64_t> irq = ParseDecimal(label);
    if (!irq || *irq > UINT32_MAX) continue;
    if (!out.rows.empty() && *irq <= out.rows.back().irq) {
      return MalformedAt(path, number, "not behind the interrupt before it", label);
    }
    out.rows.push_back({.irq = static_cast<std::uint32_t>(*irq), .first_count = out.counts.size()});
    for (std::size_t i = 0; i < out.cpus.size(); ++i) {
      std::string_view word;
      const auto count = NextWord(line, word) ? ParseDecimal(word) : std::nullopt;
      if (!count) return MalformedAt(path, number, "not a count", word);
      out.counts.push_back(*count);
    }
    out.rows.back().actions = ActionsOf(line);
  }
  return {};
}

}  // namespace netstack::irq
