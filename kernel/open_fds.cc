#include "kernel/open_fds.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace netstack {
namespace {

bool IsProcfs(int fd) {
  struct statfs info = {};
  return fstatfs(fd, &info) == 0 && info.f_type == PROC_SUPER_MAGIC;
}

// The entries of one getdents64 answer, without "." and "..".
std::size_t CountIn(const char* buffer, std::size_t size) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < size;) {
    const auto* entry = reinterpret_cast<const dirent64*>(buffer + at);
    if (entry->d_name[0] != '.') ++count;
    at += entry->d_reclen;
  }
  return count;
}

}  // namespace

OpenFds::OpenFds(std::string path) : path_(std::move(path)) {}

OpenFds::~OpenFds() {
  Close();
}

void OpenFds::Close() {
  if (fd_ >= 0) close(fd_);
  fd_ = -1;
}

Result<std::size_t> OpenFds::Count() {
  if (fd_ < 0) {
    fd_ = open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd_ < 0) return ErrorFromErrno(errno, path_, "open");
    on_procfs_ = IsProcfs(fd_);
  }
  // st_size of /proc/PID/fd is the number of descriptors since Linux 6.2 and 0 before; asking for
  // it costs 0.2 us, walking 150 entries costs 27 us.
  struct stat info = {};
  if (on_procfs_ && fstat(fd_, &info) == 0 && info.st_size > 0) {
    return static_cast<std::size_t>(info.st_size);
  }
  return CountByWalking();
}

Result<std::size_t> OpenFds::CountByWalking() {
  alignas(dirent64) char buffer[4096];
  std::size_t count = 0;
  ssize_t got = lseek(fd_, 0, SEEK_SET) == 0 ? 1 : -1;
  while (got > 0) {
    got = getdents64(fd_, buffer, sizeof buffer);
    if (got > 0) count += CountIn(buffer, static_cast<std::size_t>(got));
  }
  const int err = errno;
  if (got < 0 || !on_procfs_) Close();
  if (got < 0) return ErrorFromErrno(err, path_, "getdents64");
  return count;
}

}  // namespace netstack
