#pragma once

#include <string>
#include <string_view>

#include "kernel/result.h"

namespace netstack {

// Sees every file as it is read; used to record a host. Called on the reading thread.
class FileObserver {
 public:
  virtual ~FileObserver() = default;
  virtual void OnFileRead(std::string_view path, std::string_view bytes) = 0;
};

// A kernel file that is read again and again. On procfs and sysfs the descriptor stays open and
// each Read() makes the kernel produce the content anew from offset 0; elsewhere (fixtures) the
// file is opened each time. One thread at a time.
class File {
 public:
  // `observer` may be null; otherwise it must outlive the object.
  explicit File(std::string path, FileObserver* observer = nullptr);
  File(File&& other) noexcept;
  File& operator=(File&& other) noexcept;
  ~File();

  // The whole content, valid until the next Read(). After an error the next call opens anew.
  Result<std::string_view> Read();

  const std::string& path() const { return path_; }

 private:
  Status Open();
  void Close();

  std::string path_;
  FileObserver* observer_;
  int fd_ = -1;
  bool keep_open_ = false;
  std::string buffer_;
};

// Reads a file once, for what is read at start or per device.
Result<std::string> ReadFile(const std::string& path, FileObserver* observer = nullptr);

}  // namespace netstack
