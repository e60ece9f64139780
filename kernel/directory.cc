#include "kernel/directory.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <memory>

namespace netstack {
namespace {

struct CloseDirectory {
  void operator()(DIR* directory) const { closedir(directory); }
};

// Links to directories count as such: sysfs is made of them.
bool IsDirectory(DIR* directory, const dirent& entry) {
  if (entry.d_type == DT_DIR) return true;
  if (entry.d_type != DT_LNK && entry.d_type != DT_UNKNOWN) return false;
  struct stat info = {};
  return fstatat(dirfd(directory), entry.d_name, &info, 0) == 0 && S_ISDIR(info.st_mode);
}

}  // namespace

Status ListDirectory(const std::string& path, std::vector<DirectoryEntry>& entries,
                     FileObserver* observer) {
  entries.clear();
  const std::unique_ptr<DIR, CloseDirectory> directory(opendir(path.c_str()));
  if (directory == nullptr) return ErrorFromErrno(errno, path, "open");
  for (;;) {
    errno = 0;
    const dirent* const entry = readdir(directory.get());
    if (entry == nullptr) break;
    const std::string_view name = entry->d_name;
    if (name == "." || name == "..") continue;
    entries.push_back({std::string(name), IsDirectory(directory.get(), *entry)});
  }
  if (errno != 0) return ErrorFromErrno(errno, path, "list");
  std::sort(entries.begin(), entries.end(),
            [](const DirectoryEntry& a, const DirectoryEntry& b) { return a.name < b.name; });
  if (observer != nullptr) observer->OnDirectoryListed(path, entries);
  return {};
}

Result<std::string> ReadLink(const std::string& path, FileObserver* observer) {
  std::array<char, PATH_MAX> target;
  const ssize_t size = readlink(path.c_str(), target.data(), target.size());
  if (size < 0) return ErrorFromErrno(errno, path, "read link");
  std::string out(target.data(), static_cast<std::size_t>(size));
  if (observer != nullptr) observer->OnLinkRead(path, out);
  return out;
}

std::string_view BaseName(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

}  // namespace netstack
