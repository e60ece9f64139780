#include "kernel/driver_info.h"

#include <linux/ethtool.h>
#include <linux/if.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "kernel/driver_statistics.h"
#include "kernel/text.h"

namespace netstack {
namespace {

struct LineRow {
  std::string_view name;
  std::string DriverInfo::*member;
};
constexpr auto kLines = std::to_array<LineRow>({
    {"driver", &DriverInfo::driver},
    {"version", &DriverInfo::version},
    {"firmware-version", &DriverInfo::firmware},
    {"bus-info", &DriverInfo::bus},
});

// A driver may fill the place without a NUL at its end.
template <std::size_t size>
std::string Word(const char (&place)[size]) {
  return {place, strnlen(place, size)};
}

Status ReadByIoctl(const std::string& device, DriverInfo& out) {
  const std::string path = "ethtool driver " + device;
  const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return ErrorFromErrno(errno, path, "socket");
  ethtool_drvinfo info = {};
  info.cmd = ETHTOOL_GDRVINFO;
  ifreq request = {};
  device.copy(request.ifr_name, IFNAMSIZ - 1);
  request.ifr_data = reinterpret_cast<char*>(&info);
  const int result = ioctl(fd, SIOCETHTOOL, &request);
  const int error = errno;
  close(fd);
  if (result != 0) return ErrorFromErrno(error, path, "ioctl");
  out = {.driver = Word(info.driver),
         .version = Word(info.version),
         .firmware = Word(info.fw_version),
         .bus = Word(info.bus_info)};
  if (out.firmware == "N/A") out.firmware.clear();
  return {};
}

void Tell(const Roots& roots, FileObserver& observer, const std::string& device,
          const DriverInfo& info) {
  std::string text;
  for (const LineRow& line : kLines) {
    text += std::string(line.name) + ": " + info.*line.member + "\n";
  }
  std::string root = roots.rootfs;
  while (root.ends_with('/')) root.pop_back();
  observer.OnFileRead(root + "/driver_info/" + device, text);
}

}  // namespace

Status ReadDriverInfo(const Roots& roots, FileObserver* observer, const std::string& device,
                      DriverInfo& out) {
  if (IsSysfs(roots.sysfs)) {
    Status status = ReadByIoctl(device, out);
    if (status && observer != nullptr) Tell(roots, *observer, device, out);
    return status;
  }
  const std::string path = roots.rootfs + "/driver_info/" + device;
  const Result<std::string> text = ReadFile(path, observer);
  if (!text) return text.error();
  return ParseDriverInfo(*text, path, out);
}

Status ParseDriverInfo(std::string_view text, std::string_view path, DriverInfo& out) {
  out = {};
  std::string_view line;
  for (std::size_t number = 1; NextLine(text, line); ++number) {
    const std::size_t colon = line.find(": ");
    if (colon == std::string_view::npos) return MalformedAt(path, number, "not a line", line);
    for (const LineRow& row : kLines) {
      if (row.name == line.substr(0, colon)) out.*row.member = line.substr(colon + 2);
    }
  }
  return {};
}

}  // namespace netstack
