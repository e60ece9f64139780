#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace netstack {

// Why something could not be read. `kind` decides the collector's state; the rest is for a person.
enum class ErrorKind {
  kAbsent,        // The file, family or device does not exist on this kernel. Not a fault.
  kNoPermission,  // The kernel refused: EACCES or EPERM.
  kUnsupported,   // The kernel or the driver has no such operation.
  kMalformed,     // The bytes are not what the format says.
  kTimeout,       // Not finished within the deadline.
  kIo,            // Any other failure of a system call.
  kInvalid,       // What a person wrote (configuration, flag) is wrong.
};

// An error names path, line and item: "/proc/net/softnet_stat line 3: not hex: '0x1g'".
struct Error {
  ErrorKind kind = ErrorKind::kIo;
  std::string path = {};   // File, netlink request or flag; may be empty.
  std::size_t line = 0;    // 1-based; 0 when lines have no meaning here.
  std::size_t column = 0;  // 1-based; 0 when unknown.
  std::string what = {};   // What is wrong, with the offending item quoted.

  // One line for people. Non-printable bytes of the input are shown as \xNN.
  std::string Describe() const;
};

// Builds the error of a failed system call from its errno; the only place where errno is mapped.
Error ErrorFromErrno(int err, std::string_view path, std::string_view operation);

// Builds a kMalformed error. `item` is quoted, cut at 40 bytes and made printable.
Error MalformedAt(std::string_view path, std::size_t line, std::string_view what,
                  std::string_view item);

}  // namespace netstack
