#include "kernel/directory_inodes.h"

#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <string_view>

namespace netstack {
namespace {

struct CloseDirectory {
  void operator()(DIR* directory) const { closedir(directory); }
};

// Appends the directories right below `root` + `below`. Returns an errno.
int AppendChildren(const std::string& root, const std::string& below, std::size_t most,
                   std::vector<DirectoryInode>& out) {
  const std::unique_ptr<DIR, CloseDirectory> directory(opendir((root + below).c_str()));
  if (!directory) return errno;
  while (out.size() < most) {
    const dirent* const entry = readdir(directory.get());
    if (entry == nullptr) return 0;
    const std::string_view name = entry->d_name;
    if (entry->d_type != DT_DIR || name == "." || name == "..") continue;
    std::string path = below == "/" ? below : below + '/';
    path.append(name);
    if (const auto inode = InodeOf(root + path)) out.push_back({*inode, std::move(path)});
  }
  return 0;
}

}  // namespace

std::optional<std::uint64_t> InodeOf(const std::string& path) {
  struct stat info = {};
  if (stat(path.c_str(), &info) != 0) return std::nullopt;
  return info.st_ino;
}

Status ListDirectoryInodes(const std::string& root, std::size_t most,
                           std::vector<DirectoryInode>& out) {
  out.clear();
  const auto inode = InodeOf(root);
  if (!inode) return ErrorFromErrno(errno, root, "stat");
  out.push_back({*inode, "/"});
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::string below = out[i].path;  // `out` grows.
    const int error = AppendChildren(root, below, most, out);
    if (error != 0 && i == 0) return ErrorFromErrno(error, root, "list");
  }
  std::ranges::sort(out, {}, &DirectoryInode::inode);
  return {};
}

}  // namespace netstack
