#include "kernel/error.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <system_error>

namespace netstack {
namespace {

constexpr std::size_t kMaxItem = 40;

std::string Printable(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7f) {
      out += c;
      continue;
    }
    char escaped[5];
    std::snprintf(escaped, sizeof escaped, "\\x%02x", byte);
    out += escaped;
  }
  return out;
}

ErrorKind KindOfErrno(int err) {
  switch (err) {
    case ENOENT:
    case ENODEV:
    case ENXIO:
    case ESRCH:
    case ENOTDIR:
      return ErrorKind::kAbsent;
    case EACCES:
    case EPERM:
      return ErrorKind::kNoPermission;
    case EOPNOTSUPP:
    case EPROTONOSUPPORT:
    case EAFNOSUPPORT:
    case ENOSYS:
      return ErrorKind::kUnsupported;
    case ETIMEDOUT:
    case EAGAIN:
      return ErrorKind::kTimeout;
    default:
      return ErrorKind::kIo;
  }
}

}  // namespace

std::string Error::Describe() const {
  std::string out = Printable(path);
  if (line != 0) {
    out += " line " + std::to_string(line);
    if (column != 0) out += " column " + std::to_string(column);
  }
  if (!out.empty()) out += ": ";
  return out + what;
}

Error ErrorFromErrno(int err, std::string_view path, std::string_view operation) {
  return {.kind = KindOfErrno(err),
          .path = std::string(path),
          .what = std::string(operation) + ": " + std::generic_category().message(err)};
}

Error MalformedAt(std::string_view path, std::size_t line, std::string_view what,
                  std::string_view item) {
  std::string quoted = Printable(item.substr(0, kMaxItem));
  if (item.size() > kMaxItem) quoted += "...";
  return {.kind = ErrorKind::kMalformed,
          .path = std::string(path),
          .line = line,
          .what = std::string(what) + ": '" + quoted + "'"};
}

}  // namespace netstack
