#include "collectors/netns/owner_name.h"

#include <algorithm>

#include "kernel/text.h"

namespace netstack::netns {
namespace {

constexpr std::size_t kIdDigits = 64;     // Docker, containerd, CRI-O and Podman alike.
constexpr std::size_t kShownDigits = 12;  // As `docker ps` shows them.

bool IsHexDigit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

// "docker-<id>.scope", "cri-containerd-<id>.scope", "libpod-<id>.scope/container", "docker/<id>".
std::string_view ContainerId(std::string_view part) {
  if (part.ends_with(".scope")) part.remove_suffix(6);
  if (part.size() < kIdDigits) return {};
  const std::string_view id = part.substr(part.size() - kIdDigits);
  const bool stands_alone = part.size() == kIdDigits || part[part.size() - kIdDigits - 1] == '-';
  if (!stands_alone || !std::ranges::all_of(id, IsHexDigit)) return {};
  return id.substr(0, kShownDigits);
}

struct NameRow {
  std::string_view before;
  std::string_view after;
  bool whole;  // The name includes what stands before and after it.
};
constexpr NameRow kNames[] = {
    {"machine-", ".scope", false},  // systemd-nspawn, libvirt.
    {"systemd-nspawn@", ".service", false},
    {"lxc.payload.", "", false},
    {"", ".service", true},
};

std::string NameOfPart(std::string_view part) {
  if (const std::string_view id = ContainerId(part); !id.empty()) return std::string(id);
  for (const NameRow& row : kNames) {
    if (!part.starts_with(row.before) || !part.ends_with(row.after)) continue;
    if (part.size() <= row.before.size() + row.after.size()) continue;
    if (row.whole) return std::string(part);
    part.remove_prefix(row.before.size());
    part.remove_suffix(row.after.size());
    return std::string(part);
  }
  return {};
}

// The outermost part that names something: services inside a container belong to the container.
std::string NameOfPath(std::string_view path) {
  while (!path.empty()) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    if (std::string name = NameOfPart(path.substr(0, slash)); !name.empty()) return name;
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  return {};
}

}  // namespace

// Lines are "hierarchy:controllers:path"; on cgroup v2 there is one, "0::path".
std::string OwnerName(std::string_view cgroup_file) {
  std::string_view line;
  while (NextLine(cgroup_file, line)) {
    const std::size_t first = line.find(':');
    const std::size_t second = first == line.npos ? line.npos : line.find(':', first + 1);
    if (second == line.npos) continue;
    if (std::string name = NameOfPath(line.substr(second + 1)); !name.empty()) return name;
  }
  return {};
}

}  // namespace netstack::netns
