#pragma once

#include <string>
#include <string_view>

#include "kernel/file.h"
#include "kernel/result.h"
#include "kernel/roots.h"

namespace netstack {

// What `ethtool -i` shows of a device: words of the driver's own, of any bytes.
struct DriverInfo {
  std::string driver;
  std::string version;   // That of the kernel for most drivers of today.
  std::string firmware;  // Empty where there is none or the driver does not know.
  std::string bus;       // Where the device is, "0000:00:03.0".
  bool operator==(const DriverInfo&) const = default;
};

// Reads it by the SIOCETHTOOL ioctl, because there is no netlink command for it; takes RTNL. On a
// host that is a tree of files it is in ROOTFS/driver_info/DEVICE, as ethtool prints it; a
// recording makes that file. `observer` may be null. kUnsupported where the device has no driver,
// kAbsent where it is gone or nothing was recorded.
Status ReadDriverInfo(const Roots& roots, FileObserver* observer, const std::string& device,
                      DriverInfo& out);

// Parses the recorded form. Lines of other names are passed over.
Status ParseDriverInfo(std::string_view text, std::string_view path, DriverInfo& out);

}  // namespace netstack
