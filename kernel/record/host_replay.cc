#include "kernel/record/host_replay.h"

#include <filesystem>
#include <map>
#include <utility>

#include "kernel/file.h"
#include "kernel/record/exchange.h"

namespace netstack {
namespace {

std::string Describe(const Exchange::Request& request) {
  return "netlink " + NetlinkProtocolName(request.protocol) + " request " +
         std::to_string(request.type) + " flags " + std::to_string(request.flags) + " with " +
         std::to_string(request.payload.size()) + " bytes";
}

class ReplayPort : public NetlinkPort {
 public:
  ReplayPort(int protocol, std::string directory)
      : protocol_(protocol), directory_(std::move(directory)) {}

  Status Request(std::uint16_t type, std::uint16_t flags, std::span<const std::byte> payload,
                 const NetlinkVisitor& visit, const std::function<void()>& restart) override {
    const Exchange::Request request = {
        .protocol = protocol_, .type = type, .flags = flags, .payload = payload};
    const std::string name = Exchange::FileName(request);
    const std::string path = directory_ + "/netlink/" + name;
    auto known = exchanges_.find(name);
    if (known == exchanges_.end()) {
      Result<std::string> bytes = ReadFile(path);
      if (!bytes && bytes.error().kind != ErrorKind::kAbsent) return bytes.error();
      if (bytes) known = exchanges_.emplace(name, Exchange(std::move(*bytes))).first;
    }
    if (known != exchanges_.end() && known->second.Answers(request)) {
      return known->second.Replay(path, visit, restart);
    }
    return Error{.kind = ErrorKind::kAbsent, .path = path, .what = "no " + Describe(request)};
  }

 private:
  // By file: the kernel that they stand for reads none either.
  std::map<std::string, Exchange> exchanges_;
  int protocol_;
  std::string directory_;
};

// What was recorded does not change by itself.
class NoNews : public NetlinkListener {
 public:
  Status TakeNews(const NetlinkVisitor&) override { return {}; }
};

class ReplaySource : public NetlinkSource {
 public:
  explicit ReplaySource(const std::string& directory) : directory_(directory) {}
  Result<std::unique_ptr<NetlinkPort>> Open(int protocol) override {
    return std::unique_ptr<NetlinkPort>(std::make_unique<ReplayPort>(protocol, directory_));
  }
  Result<std::unique_ptr<NetlinkListener>> Listen(int, std::uint32_t) override {
    return std::unique_ptr<NetlinkListener>(std::make_unique<NoNews>());
  }

 private:
  std::string directory_;
};

}  // namespace

std::unique_ptr<NetlinkSource> MakeReplayNetlinkSource(const std::string& directory) {
  return std::make_unique<ReplaySource>(directory);
}

Result<std::unique_ptr<HostReplay>> HostReplay::Open(const std::string& directory) {
  std::error_code error;
  if (!std::filesystem::is_directory(directory, error)) {
    return ErrorFromErrno(error ? error.value() : ENOTDIR, directory, "open recording");
  }
  return std::unique_ptr<HostReplay>(new HostReplay(directory));
}

HostReplay::HostReplay(const std::string& directory)
    : roots_{.procfs = directory + "/proc", .sysfs = directory + "/sys", .rootfs = directory},
      netlink_(MakeReplayNetlinkSource(directory)) {}

Kernel HostReplay::kernel() {
  return {.roots = roots_, .netlink = *netlink_};
}

}  // namespace netstack
