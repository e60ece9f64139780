#include "kernel/file_reader.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace netstack {

Folder::Folder(std::string path)
    : path_(std::move(path)), fd_(open(path_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)) {}

Folder::Folder(Folder&& other) noexcept
    : path_(std::move(other.path_)), fd_(std::exchange(other.fd_, -1)) {}

Folder& Folder::operator=(Folder&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(fd_, other.fd_);
  return *this;
}

Folder::~Folder() {
  if (fd_ >= 0) close(fd_);
}

FileReader::FileReader(FileObserver* observer) : observer_(observer), buffer_(kLargest, '\0') {}

Result<std::string_view> FileReader::Read(const std::string& path) {
  return ReadAt(AT_FDCWD, path.c_str(), path);
}

Result<std::string_view> FileReader::Read(const std::string& path, const Folder& folder) {
  if (folder.fd() < 0) return Read(path);
  return ReadAt(folder.fd(), path.c_str() + folder.path().size(), path);
}

Result<std::string_view> FileReader::ReadAt(int directory, const char* name,
                                            const std::string& path) {
  const int fd = openat(directory, name, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return ErrorFromErrno(errno, path, "open");
  ssize_t got = 0;
  do {
    got = read(fd, buffer_.data(), buffer_.size());
  } while (got < 0 && errno == EINTR);
  const int err = errno;
  close(fd);
  if (got < 0) return ErrorFromErrno(err, path, "read");
  const std::string_view content(buffer_.data(), static_cast<std::size_t>(got));
  if (observer_ != nullptr) observer_->OnFileRead(path, content);
  return content;
}

}  // namespace netstack
