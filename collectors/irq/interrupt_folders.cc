#include "collectors/irq/interrupt_folders.h"

#include <algorithm>
#include <optional>

#include "kernel/cpu_list.h"
#include "kernel/text.h"

namespace netstack::irq {

InterruptFolders::InterruptFolders(const Kernel& kernel)
    : kernel_(kernel), folder_(kernel.roots.Sys("kernel/irq")), reader_(kernel.file_observer) {}

Status InterruptFolders::Read(Interrupts& out) {
  out.cpus.clear();
  out.rows.clear();
  out.counts.clear();
  if (Status listed = kernel_.ListDirectory(folder_, entries_, Links::kAreDirectories); !listed) {
    return listed;
  }
  if (Status read = ReadCpus(out); !read) return read;
  irqs_.clear();
  for (const DirectoryEntry& entry : entries_) {
    const std::optional<std::uint64_t> irq = ParseDecimal(entry.name);
    if (irq && *irq <= UINT32_MAX) irqs_.push_back(static_cast<std::uint32_t>(*irq));
  }
  std::ranges::sort(irqs_);  // In the listing 10 stands before 9.
  // Views into the strings are taken at the end, when none of them moves any more.
  if (actions_.size() < irqs_.size()) actions_.resize(irqs_.size());
  for (const std::uint32_t irq : irqs_) {
    const std::size_t first_count = out.counts.size();
    if (ReadOne(irq, actions_[out.rows.size()], out)) {
      out.rows.push_back({.irq = irq, .first_count = first_count});
    } else {
      out.counts.resize(first_count);
    }
  }
  for (std::size_t i = 0; i < out.rows.size(); ++i) out.rows[i].actions = actions_[i];
  return {};
}

Status InterruptFolders::ReadCpus(Interrupts& out) {
  const std::string cpus = kernel_.roots.Sys("devices/system/cpu/");
  const Result<std::string_view> possible = reader_.Read(cpus + "possible");
  if (!possible) return possible.error();
  is_online_.clear();
  CpuList all(*possible);
  while (const auto cpu = all.Next()) is_online_.resize(std::size_t{*cpu} + 1);
  const Result<std::string_view> online = reader_.Read(cpus + "online");
  if (!online) return online.error();
  CpuList present(*online);
  while (const auto cpu = present.Next()) {
    if (*cpu >= is_online_.size()) return MalformedAt(cpus + "online", 1, "not a CPU", *online);
    is_online_[*cpu] = true;
    out.cpus.push_back(*cpu);
  }
  return {};
}

bool InterruptFolders::ReadOne(std::uint32_t irq, std::string& actions, Interrupts& out) {
  const std::string base = folder_ + "/" + std::to_string(irq) + "/";
  const Result<std::string_view> names = reader_.Read(base + "actions");
  if (!names || Trimmed(*names).empty()) return false;
  // /proc/interrupts has a blank behind the comma.
  actions.clear();
  for (const char c : Trimmed(*names)) {
    actions += c;
    if (c == ',') actions += ' ';
  }
  const Result<std::string_view> counts = reader_.Read(base + "per_cpu_count");
  if (!counts) return false;
  // One for each possible CPU, in their order.
  std::string_view rest = Trimmed(*counts);
  for (const bool is_online : is_online_) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    const std::optional<std::uint64_t> count = ParseDecimal(rest.substr(0, comma));
    if (!count) return false;
    if (is_online) out.counts.push_back(*count);
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return rest.empty();
}

}  // namespace netstack::irq
