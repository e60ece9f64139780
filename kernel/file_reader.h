#pragma once

#include <string>
#include <string_view>

#include "kernel/file.h"
#include "kernel/result.h"

namespace netstack {

// A directory that is kept open, so that a file below it is found without a walk along its whole
// path, which for a device in /sys has some fifteen steps. One thread at a time.
class Folder {
 public:
  Folder() = default;
  explicit Folder(std::string path);
  Folder(Folder&& other) noexcept;
  Folder& operator=(Folder&& other) noexcept;
  ~Folder();

  const std::string& path() const { return path_; }
  // Where a search for what is left of a path may begin; less than 0 if it could not be opened.
  int fd() const { return fd_; }

 private:
  std::string path_;  // Ends in '/'.
  int fd_ = -1;
};

// Reads many small kernel files one after the other, through one buffer and without keeping any of
// them open: for what is there once for each queue of a card. One thread at a time.
class FileReader {
 public:
  // `observer` may be null; otherwise it must outlive the object.
  explicit FileReader(FileObserver* observer);

  // The content, valid until the next call; at most kLargest bytes of it.
  Result<std::string_view> Read(const std::string& path);
  // The same; `path` begins with that of `folder`.
  Result<std::string_view> Read(const std::string& path, const Folder& folder);

  static constexpr std::size_t kLargest = 4096;  // A page, which is all that a sysfs file has.

 private:
  Result<std::string_view> ReadAt(int directory, const char* name, const std::string& path);

  FileObserver* observer_;
  std::string buffer_;
};

}  // namespace netstack
