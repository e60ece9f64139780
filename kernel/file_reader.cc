#include "kernel/file_reader.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace netstack {

FileReader::FileReader(FileObserver* observer) : observer_(observer), buffer_(kLargest, '\0') {}

Result<std::string_view> FileReader::Read(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
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
