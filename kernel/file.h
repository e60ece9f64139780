#pragma once

#include <sys/types.h>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "kernel/raw_buffer.h"
#include "kernel/result.h"

namespace netstack {

struct DirectoryEntry {
  std::string name;
  bool is_directory = false;  // Also for a link to one.
  bool operator==(const DirectoryEntry&) const = default;
};

// Sees every file, directory and link as it is read; used to record a host. Called on the reading
// threads, at the same time from several.
class FileObserver {
 public:
  virtual ~FileObserver() = default;
  virtual void OnFileRead(std::string_view path, std::string_view bytes) = 0;
  virtual void OnDirectoryListed(std::string_view /*path*/,
                                 std::span<const DirectoryEntry> /*entries*/) {}
  virtual void OnLinkRead(std::string_view /*path*/, std::string_view /*target*/) {}
};

// Whether a kernel file's descriptor is kept from one reading to the next.
enum class FileLife : bool { kStaysOpen, kClosedAfterReading };

// A kernel file that is read again and again. On procfs and sysfs the descriptor stays open and
// each Read() makes the kernel produce the content anew from offset 0; elsewhere (fixtures) the
// file is opened each time. One thread at a time.
class File {
 public:
  // `observer` may be null; otherwise it must outlive the object. `whole_within`, if not 0, is for
  // a kernel file that gives all of its content to one read, as sysctls do, sysfs, and files of
  // single_open(): its usual size in bytes. It is then read by one call into a buffer of that size.
  explicit File(std::string path, FileObserver* observer = nullptr, std::size_t whole_within = 0,
                FileLife life = FileLife::kStaysOpen);
  File(File&& other) noexcept;
  File& operator=(File&& other) noexcept;
  ~File();

  // The whole content, valid until the next Read(). After an error the next call opens anew.
  Result<std::string_view> Read();

  const std::string& path() const { return path_; }

 private:
  Status Open();
  void Close();
  // Both fill buffer_ and return the bytes read, or -1 and errno.
  ssize_t ReadToEnd();
  ssize_t ReadAtOnce();

  std::string path_;
  FileObserver* observer_;
  std::size_t whole_within_;
  FileLife life_;
  int fd_ = -1;
  bool on_kernel_ = false;
  RawBuffer<char> buffer_;
};

// Whether there is a file or directory of that name, without allocating. An error is a refusal to
// look (no search permission), not absence.
Result<bool> FileExists(const std::string& path);

// Reads a file once, for what is read at start or per device.
Result<std::string> ReadFile(const std::string& path, FileObserver* observer = nullptr);

}  // namespace netstack
