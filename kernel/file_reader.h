#pragma once

#include <string>
#include <string_view>

#include "kernel/file.h"
#include "kernel/result.h"

namespace netstack {

// Reads many small kernel files one after the other, through one buffer and without keeping any of
// them open: for what is there once for each queue of a card. One thread at a time.
class FileReader {
 public:
  // `observer` may be null; otherwise it must outlive the object.
  explicit FileReader(FileObserver* observer);

  // The content, valid until the next call; at most kLargest bytes of it.
  Result<std::string_view> Read(const std::string& path);

  static constexpr std::size_t kLargest = 4096;  // A page, which is all that a sysfs file has.

 private:
  FileObserver* observer_;
  std::string buffer_;
};

}  // namespace netstack
