#include "kernel/directory.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>

namespace netstack {
namespace {

bool IsDirectory(int directory, const dirent64& entry, Links links) {
  if (entry.d_type == DT_DIR) return true;
  if (entry.d_type == DT_LNK && links == Links::kAreDirectories) return true;
  if (entry.d_type != DT_LNK && entry.d_type != DT_UNKNOWN) return false;
  struct stat info = {};
  return fstatat(directory, entry.d_name, &info, 0) == 0 && S_ISDIR(info.st_mode);
}

// Appends what is left of the directory; returns an errno. Not by opendir(), which allocates at
// every call.
int AppendEntries(int directory, Links links, std::vector<DirectoryEntry>& entries) {
  alignas(dirent64) std::array<char, 4096> buffer;
  for (;;) {
    const ssize_t got = getdents64(directory, buffer.data(), buffer.size());
    if (got < 0) return errno;
    if (got == 0) return 0;
    for (ssize_t at = 0; at < got;) {
      const auto& entry = *reinterpret_cast<const dirent64*>(buffer.data() + at);
      at += entry.d_reclen;
      const std::string_view name = entry.d_name;
      if (name == "." || name == "..") continue;
      entries.push_back({std::string(name), IsDirectory(directory, entry, links)});
    }
  }
}

}  // namespace

Status ListDirectory(const std::string& path, std::vector<DirectoryEntry>& entries,
                     FileObserver* observer, Links links) {
  entries.clear();
  const int directory = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return ErrorFromErrno(errno, path, "open");
  const int error = AppendEntries(directory, links, entries);
  close(directory);
  if (error != 0) return ErrorFromErrno(error, path, "list");
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
