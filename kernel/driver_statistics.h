#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/file.h"
#include "kernel/raw_buffer.h"
#include "kernel/result.h"
#include "kernel/roots.h"

namespace netstack {

// What `ethtool -S` shows of a device. Names are the driver's own: they may have blanks, be there
// more than once, or be no UTF-8.
struct DriverStatistics {
  std::vector<std::string> names;
  std::vector<std::uint64_t> values;  // As many as names.
  // Another number whenever a reading found other names than the one before.
  std::uint64_t generation = 0;
};

// Reads them by the SIOCETHTOOL ioctl, because there is no netlink command for the values. On a
// host that is a tree of files (its sysfs is none) they are in ROOTFS/driver_statistics/DEVICE, a
// line "NAME: VALUE" each; a recording makes that file. One thread at a time.
class DriverStatisticsReader {
 public:
  // Stands for the ioctl in tests: takes the device and one of the kernel's ethtool structures, and
  // returns 0 or an errno.
  using Call = std::function<int(const std::string& device, void* command)>;

  // `observer` may be null; otherwise it must outlive the object.
  DriverStatisticsReader(const Roots& roots, FileObserver* observer);
  explicit DriverStatisticsReader(Call call);
  ~DriverStatisticsReader();
  DriverStatisticsReader(const DriverStatisticsReader&) = delete;
  DriverStatisticsReader& operator=(const DriverStatisticsReader&) = delete;

  // Replaces `out`, which keeps its memory; it is cheaper where names are as they were, so each
  // device should have its own. kUnsupported where the driver has none, kAbsent where
  // the device is gone or nothing was recorded, kMalformed where the driver contradicts itself.
  Status Read(const std::string& device, DriverStatistics& out);

 private:
  Status ReadByIoctl(const std::string& device, DriverStatistics& out);
  Status Ioctl(const std::string& device, void* command);
  Status ReadRecorded(const std::string& device, DriverStatistics& out);
  void TellObserver(const std::string& device, const DriverStatistics& statistics) const;

  Roots roots_;
  FileObserver* observer_ = nullptr;
  Call call_ = {};  // Empty: the ioctl.
  bool is_live_;
  int fd_ = -1;
  RawBuffer<std::uint64_t> buffer_;  // For the kernel to write into.
  RawBuffer<char> text_;             // Of the recorded form.
  std::string path_;
};

// False of a host that is a tree of files.
bool IsSysfs(const std::string& path);

// Parses the recorded form.
Status ParseDriverStatistics(std::string_view text, std::string_view path, DriverStatistics& out);

}  // namespace netstack
