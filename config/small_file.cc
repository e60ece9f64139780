#include "config/small_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace netstack {
namespace {

constexpr std::size_t kMaxSize = 1 << 20;

Result<std::string> ReadToEnd(int fd, const std::string& path) {
  std::string content;
  char buffer[16384];
  for (;;) {
    const ssize_t count = read(fd, buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return ErrorFromErrno(errno, path, "read");
    if (count == 0) return content;
    content.append(buffer, static_cast<std::size_t>(count));
    if (content.size() > kMaxSize) {
      return Error{.kind = ErrorKind::kInvalid, .path = path, .what = "larger than 1 MiB"};
    }
  }
}

}  // namespace

Result<std::string> ReadSmallFile(const std::string& path) {
  if (path.empty() || path.find('\0') != std::string::npos) {
    return Error{.kind = ErrorKind::kInvalid, .path = path, .what = "not a file name"};
  }
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return ErrorFromErrno(errno, path, "open");
  Result<std::string> content = ReadToEnd(fd, path);
  close(fd);
  return content;
}

}  // namespace netstack
