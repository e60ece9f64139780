#include "kernel/file.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace netstack {
namespace {

constexpr std::size_t kFirstBuffer = 8192;
constexpr std::size_t kLargestFile = 256u << 20;  // Beyond this a file is not what we think it is.

bool IsKernelFileSystem(int fd) {
  struct statfs info = {};
  if (fstatfs(fd, &info) != 0) return false;
  return info.f_type == PROC_SUPER_MAGIC || info.f_type == SYSFS_MAGIC;
}

}  // namespace

File::File(std::string path, FileObserver* observer)
    : path_(std::move(path)), observer_(observer) {}

File::File(File&& other) noexcept
    : path_(std::move(other.path_)),
      observer_(other.observer_),
      fd_(std::exchange(other.fd_, -1)),
      keep_open_(other.keep_open_),
      buffer_(std::move(other.buffer_)) {}

File& File::operator=(File&& other) noexcept {
  if (this == &other) return *this;
  Close();
  path_ = std::move(other.path_);
  observer_ = other.observer_;
  fd_ = std::exchange(other.fd_, -1);
  keep_open_ = other.keep_open_;
  buffer_ = std::move(other.buffer_);
  return *this;
}

File::~File() {
  Close();
}

void File::Close() {
  if (fd_ >= 0) close(fd_);
  fd_ = -1;
}

Status File::Open() {
  fd_ = open(path_.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd_ < 0) return ErrorFromErrno(errno, path_, "open");
  keep_open_ = IsKernelFileSystem(fd_);
  return {};
}

Result<std::string_view> File::Read() {
  if (fd_ < 0) {
    if (Status opened = Open(); !opened) return opened.error();
  }
  if (buffer_.size() < kFirstBuffer) buffer_.resize(kFirstBuffer);
  std::size_t used = 0;
  // st_size is 0 for kernel files and a short read is not the end: only a read of 0 bytes is.
  for (;;) {
    if (used == buffer_.size()) buffer_.resize(buffer_.size() * 2);
    const ssize_t got = keep_open_ ? pread(fd_, buffer_.data() + used, buffer_.size() - used,
                                           static_cast<off_t>(used))
                                   : read(fd_, buffer_.data() + used, buffer_.size() - used);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 || used > kLargestFile) {
      const int err = got < 0 ? errno : EFBIG;
      Close();
      return ErrorFromErrno(err, path_, "read");
    }
    if (got == 0) break;
    used += static_cast<std::size_t>(got);
  }
  if (!keep_open_) Close();
  const std::string_view content(buffer_.data(), used);
  if (observer_ != nullptr) observer_->OnFileRead(path_, content);
  return content;
}

Result<std::string> ReadFile(const std::string& path, FileObserver* observer) {
  File file(path, observer);
  const Result<std::string_view> content = file.Read();
  if (!content) return content.error();
  return std::string(*content);
}

}  // namespace netstack
