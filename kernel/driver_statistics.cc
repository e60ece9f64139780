#include "kernel/driver_statistics.h"

#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/if.h>
#include <linux/magic.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

#include "kernel/text.h"

namespace netstack {
namespace {

// A card with 128 queues each way has some 5000.
constexpr std::uint32_t kMostStatistics = 65'536;
// The kernel writes as many as the driver has at that moment, whatever room there is: the number
// can have grown since it was asked for.
constexpr std::uint32_t kReserve = 16'384;
constexpr std::size_t kFirstText = 8192;

Error Contradiction(const std::string& device, std::string_view what) {
  return MalformedAt("ethtool statistics", 0, what, device);
}

// The buffer as one of the kernel's structures that end in an array.
template <class Command>
Command* Prepare(RawBuffer<std::uint64_t>& buffer, std::size_t payload, std::uint32_t command) {
  const std::size_t words = (sizeof(Command) + payload) / sizeof(std::uint64_t) + 1;
  buffer.Grow(words);
  auto* const request = reinterpret_cast<Command*>(buffer.data());
  std::memset(static_cast<void*>(request), 0, sizeof(Command));
  request->cmd = command;
  return request;
}

// `count` places of ETH_GSTRING_LEN bytes.
void TakeNames(const char* places, std::size_t count, DriverStatistics& out) {
  bool is_as_before = out.names.size() == count;
  out.names.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    const char* const place = places + i * ETH_GSTRING_LEN;
    const std::string_view name(place, strnlen(place, ETH_GSTRING_LEN));
    if (out.names[i] == name) continue;
    out.names[i] = name;
    is_as_before = false;
  }
  if (!is_as_before) ++out.generation;
}

// Takes "NAME: VALUE" and the end of the line off `text`; false if it does not begin like that.
bool TakeLineOf(std::string_view name, std::string_view& text, std::uint64_t& value) {
  constexpr std::string_view kSeparator = ": ";
  constexpr std::size_t kDigitsThatFit = 19;
  const std::size_t begin = name.size() + kSeparator.size();
  if (!text.starts_with(name) || !text.substr(name.size()).starts_with(kSeparator)) return false;
  std::size_t end = begin;
  value = 0;
  for (; end < text.size() && text[end] >= '0' && text[end] <= '9'; ++end) {
    value = value * 10 + static_cast<std::uint64_t>(text[end] - '0');
  }
  if (end == begin || (end < text.size() && text[end] != '\n')) return false;
  if (end - begin > kDigitsThatFit) {
    const std::optional<std::uint64_t> number = ParseDecimal(text.substr(begin, end - begin));
    if (!number) return false;
    value = *number;
  }
  text.remove_prefix(std::min(end + 1, text.size()));
  return true;
}

}  // namespace

bool IsSysfs(const std::string& path) {
  struct statfs info = {};
  return statfs(path.c_str(), &info) == 0 && info.f_type == SYSFS_MAGIC;
}

DriverStatisticsReader::DriverStatisticsReader(const Roots& roots, FileObserver* observer)
    : roots_(roots), observer_(observer), is_live_(IsSysfs(roots.sysfs)) {}

DriverStatisticsReader::DriverStatisticsReader(Call call)
    : call_(std::move(call)), is_live_(true) {}

DriverStatisticsReader::~DriverStatisticsReader() {
  if (fd_ >= 0) close(fd_);
}

Status DriverStatisticsReader::Read(const std::string& device, DriverStatistics& out) {
  if (!is_live_) return ReadRecorded(device, out);
  Status status = ReadByIoctl(device, out);
  if (status && observer_ != nullptr) TellObserver(device, out);
  return status;
}

Status DriverStatisticsReader::Ioctl(const std::string& device, void* command) {
  if (call_) {
    const int error = call_(device, command);
    return error == 0 ? Status() : ErrorFromErrno(error, "ethtool statistics " + device, "ioctl");
  }
  if (fd_ < 0) fd_ = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd_ < 0) return ErrorFromErrno(errno, "ethtool statistics", "socket");
  ifreq request = {};
  device.copy(request.ifr_name, IFNAMSIZ - 1);
  request.ifr_data = static_cast<char*>(command);
  if (ioctl(fd_, SIOCETHTOOL, &request) == 0) return {};
  return ErrorFromErrno(errno, "ethtool statistics " + device, "ioctl");
}

Status DriverStatisticsReader::ReadByIoctl(const std::string& device, DriverStatistics& out) {
  auto* const info = Prepare<ethtool_sset_info>(buffer_, sizeof(std::uint32_t), ETHTOOL_GSSET_INFO);
  info->sset_mask = std::uint64_t{1} << ETH_SS_STATS;
  if (Status asked = Ioctl(device, info); !asked) return asked;
  const std::uint32_t count = info->sset_mask == 0 ? 0 : info->data[0];
  if (count == 0) {
    return Error{.kind = ErrorKind::kUnsupported,
                 .path = "ethtool statistics " + device,
                 .what = "the driver has none"};
  }
  if (count > kMostStatistics) return Contradiction(device, "too many of device");
  const std::size_t room = std::size_t{count} + kReserve;
  auto* const strings =
      Prepare<ethtool_gstrings>(buffer_, room * ETH_GSTRING_LEN, ETHTOOL_GSTRINGS);
  strings->string_set = ETH_SS_STATS;
  strings->len = count;
  if (Status asked = Ioctl(device, strings); !asked) return asked;
  const std::uint32_t names = std::min(strings->len, count + kReserve);
  TakeNames(reinterpret_cast<const char*>(strings->data), names, out);
  auto* const stats = Prepare<ethtool_stats>(buffer_, room * sizeof(std::uint64_t), ETHTOOL_GSTATS);
  stats->n_stats = names;
  if (Status asked = Ioctl(device, stats); !asked) return asked;
  if (stats->n_stats != names) return Contradiction(device, "names and values differ, device");
  out.values.resize(names);
  std::memcpy(out.values.data(), reinterpret_cast<const char*>(stats) + sizeof(ethtool_stats),
              names * sizeof(std::uint64_t));
  return {};
}

Status DriverStatisticsReader::ReadRecorded(const std::string& device, DriverStatistics& out) {
  path_ = roots_.rootfs;
  path_ += "/driver_statistics/";
  path_ += device;
  const int fd = open(path_.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return ErrorFromErrno(errno, path_, "open");
  std::size_t used = 0;
  ssize_t got = 0;
  do {
    if (used == text_.size()) text_.Grow(std::max(2 * used, kFirstText));
    got = read(fd, text_.data() + used, text_.size() - used);
    used += static_cast<std::size_t>(std::max<ssize_t>(got, 0));
  } while (got > 0 || (got < 0 && errno == EINTR));
  const int err = errno;
  close(fd);
  if (got < 0) return ErrorFromErrno(err, path_, "read");
  const std::string_view text(text_.data(), used);
  if (observer_ != nullptr) observer_->OnFileRead(path_, text);
  return ParseDriverStatistics(text, path_, out);
}

void DriverStatisticsReader::TellObserver(const std::string& device,
                                          const DriverStatistics& statistics) const {
  std::string text;
  for (std::size_t i = 0; i < statistics.names.size(); ++i) {
    text += statistics.names[i] + ": " + std::to_string(statistics.values[i]) + "\n";
  }
  std::string root = roots_.rootfs;
  while (root.ends_with('/')) root.pop_back();
  observer_->OnFileRead(root + "/driver_statistics/" + device, text);
}

Status ParseDriverStatistics(std::string_view text, std::string_view path, DriverStatistics& out) {
  out.values.clear();
  bool is_as_before = true;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t index = out.values.size();
    std::uint64_t value = 0;
    if (index < out.names.size() && TakeLineOf(out.names[index], text, value)) {
      out.values.push_back(value);
      continue;
    }
    if (is_as_before) ++out.generation;
    is_as_before = false;
    std::string_view line;
    NextLine(text, line);
    const std::size_t colon = line.rfind(": ");
    const std::optional<std::uint64_t> other =
        colon == std::string_view::npos ? std::nullopt : ParseDecimal(line.substr(colon + 2));
    if (!other) return MalformedAt(path, number, "not a statistic", line);
    // Names keep their memory.
    if (index == out.names.size()) out.names.emplace_back();
    out.names[index] = line.substr(0, colon);
    out.values.push_back(*other);
  }
  if (out.names.size() != out.values.size() && is_as_before) ++out.generation;
  out.names.resize(out.values.size());
  return {};
}

}  // namespace netstack
