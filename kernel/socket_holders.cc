#include "kernel/socket_holders.h"

#include <dirent.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>

#include "kernel/file.h"
#include "kernel/text.h"

namespace netstack {
namespace {

struct CloseDirectory {
  void operator()(DIR* directory) const { closedir(directory); }
};
using Directory = std::unique_ptr<DIR, CloseDirectory>;

// The inode that a link such as socket:[1234] names; 0 for anything else.
std::uint32_t SocketInode(int directory, const char* link) {
  std::array<char, 64> target;
  const ssize_t size = readlinkat(directory, link, target.data(), target.size());
  if (size < 0) return 0;
  std::string_view text(target.data(), static_cast<std::size_t>(size));
  constexpr std::string_view kBefore = "socket:[";
  if (!text.starts_with(kBefore) || !text.ends_with(']')) return 0;
  text.remove_prefix(kBefore.size());
  text.remove_suffix(1);
  // sock_diag has 32 bits of it.
  return static_cast<std::uint32_t>(ParseDecimal(text).value_or(0));
}

}  // namespace

Status SocketHolders::Read(std::size_t most) {
  pids_.clear();
  holders_.clear();
  names_.clear();
  descriptors_ = refused_ = 0;
  const Directory directory(opendir(procfs_.c_str()));
  if (!directory) return ErrorFromErrno(errno, procfs_, "open");
  while (const dirent* const entry = readdir(directory.get())) {
    const auto pid = ParseDecimal(entry->d_name);
    if (pid && *pid <= UINT32_MAX) pids_.push_back(static_cast<std::uint32_t>(*pid));
  }
  std::ranges::sort(pids_);
  for (const std::uint32_t pid : pids_) ReadProcess(pid, most);
  // Stable: of several holders the first stays first, and is the one that is found.
  std::ranges::stable_sort(holders_, {}, &Holder::inode);
  return {};
}

void SocketHolders::ReadProcess(std::uint32_t pid, std::size_t most) {
  const std::string process = procfs_ + '/' + std::to_string(pid);
  const Directory directory(opendir((process + "/fd").c_str()));
  if (!directory) {
    refused_ += errno == EACCES || errno == EPERM ? 1 : 0;
    return;
  }
  std::uint32_t name = kNobody;
  while (descriptors_ < most) {
    const dirent* const entry = readdir(directory.get());
    if (entry == nullptr) return;
    if (entry->d_name[0] == '.') continue;
    ++descriptors_;
    const std::uint32_t inode = SocketInode(dirfd(directory.get()), entry->d_name);
    if (inode == 0) continue;
    if (name == kNobody) {
      const auto comm = ReadFile(process + "/comm");
      if (!comm) return;
      name = NumberOf(Trimmed(*comm));
    }
    holders_.push_back({inode, name});
  }
}

std::uint32_t SocketHolders::NumberOf(std::string_view name) {
  auto found = std::ranges::find(names_, name);
  if (found == names_.end()) found = names_.emplace(names_.end(), name);
  return static_cast<std::uint32_t>(found - names_.begin());
}

std::uint32_t SocketHolders::NameNumber(std::uint32_t inode) const {
  const auto found = std::ranges::lower_bound(holders_, inode, {}, &Holder::inode);
  return found == holders_.end() || found->inode != inode ? kNobody : found->name;
}

}  // namespace netstack
