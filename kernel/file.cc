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

File::File(std::string path, FileObserver* observer, std::size_t whole_within, FileLife life)
    : path_(std::move(path)), observer_(observer), whole_within_(whole_within), life_(life) {}

File::File(File&& other) noexcept
    : path_(std::move(other.path_)),
      observer_(other.observer_),
      whole_within_(other.whole_within_),
      life_(other.life_),
      fd_(std::exchange(other.fd_, -1)),
      on_kernel_(other.on_kernel_),
      buffer_(std::move(other.buffer_)) {}

File& File::operator=(File&& other) noexcept {
  if (this == &other) return *this;
  Close();
  path_ = std::move(other.path_);
  observer_ = other.observer_;
  whole_within_ = other.whole_within_;
  life_ = other.life_;
  fd_ = std::exchange(other.fd_, -1);
  on_kernel_ = other.on_kernel_;
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
  on_kernel_ = IsKernelFileSystem(fd_);
  return {};
}

ssize_t File::ReadToEnd() {
  buffer_.Grow(kFirstBuffer);
  std::size_t used = 0;
  // st_size is 0 for kernel files and a short read is not the end: only a read of 0 bytes is.
  for (;;) {
    if (used == buffer_.size()) buffer_.Grow(buffer_.size() * 2);
    const ssize_t got = on_kernel_ ? pread(fd_, buffer_.data() + used, buffer_.size() - used,
                                           static_cast<off_t>(used))
                                   : read(fd_, buffer_.data() + used, buffer_.size() - used);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return -1;
    if (got == 0) return static_cast<ssize_t>(used);
    used += static_cast<std::size_t>(got);
    if (used > kLargestFile) {
      errno = EFBIG;
      return -1;
    }
  }
}

ssize_t File::ReadAtOnce() {
  buffer_.Grow(whole_within_);
  for (;;) {
    const ssize_t got = pread(fd_, buffer_.data(), buffer_.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    // A full buffer may have cut the content, and the rest is not to be had: once more, with room.
    if (got < 0 || static_cast<std::size_t>(got) < buffer_.size()) return got;
    if (buffer_.size() > kLargestFile) {
      errno = EFBIG;
      return -1;
    }
    buffer_.Grow(buffer_.size() * 2);
  }
}

Result<std::string_view> File::Read() {
  if (fd_ < 0) {
    if (Status opened = Open(); !opened) return opened.error();
  }
  const ssize_t used = on_kernel_ && whole_within_ > 0 ? ReadAtOnce() : ReadToEnd();
  const int err = errno;
  if (used < 0 || !on_kernel_ || life_ == FileLife::kClosedAfterReading) Close();
  if (used < 0) return ErrorFromErrno(err, path_, "read");
  const std::string_view content(buffer_.data(), static_cast<std::size_t>(used));
  if (observer_ != nullptr) observer_->OnFileRead(path_, content);
  return content;
}

Result<bool> FileExists(const std::string& path) {
  if (access(path.c_str(), F_OK) == 0) return true;
  if (errno == ENOENT || errno == ENOTDIR) return false;
  return ErrorFromErrno(errno, path, "access");
}

Result<std::string> ReadFile(const std::string& path, FileObserver* observer) {
  File file(path, observer);
  const Result<std::string_view> content = file.Read();
  if (!content) return content.error();
  return std::string(*content);
}

}  // namespace netstack
