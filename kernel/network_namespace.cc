#include "kernel/network_namespace.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "kernel/text.h"

namespace netstack {
namespace {

class TransientPort : public NetlinkPort {
 public:
  TransientPort(NetlinkSource& source, int protocol) : source_(source), protocol_(protocol) {}

  Status Request(std::uint16_t type, std::uint16_t flags, std::span<const std::byte> payload,
                 const NetlinkVisitor& visit, const std::function<void()>& restart) override {
    Result<std::unique_ptr<NetlinkPort>> port = source_.Open(protocol_);
    if (!port) return port.error();
    port_ = port->get();
    Status status = port_->Request(type, flags, payload, visit, restart);
    port_ = nullptr;
    return status;
  }

  void Stop() override {
    if (port_ != nullptr) port_->Stop();
  }

 private:
  NetlinkSource& source_;
  int protocol_;
  NetlinkPort* port_ = nullptr;  // During a request.
};

class TransientSource : public NetlinkSource {
 public:
  Result<std::unique_ptr<NetlinkPort>> Open(int protocol) override {
    return std::unique_ptr<NetlinkPort>(std::make_unique<TransientPort>(*sockets_, protocol));
  }

 private:
  std::unique_ptr<NetlinkSource> sockets_ = MakeKernelNetlinkSource();
};

}  // namespace

Result<NamespaceId> ParseNamespaceLink(std::string_view link, std::string_view path) {
  constexpr std::string_view kBefore = "net:[";
  if (link.starts_with(kBefore) && link.ends_with(']')) {
    const auto id = ParseDecimal(link.substr(kBefore.size(), link.size() - kBefore.size() - 1));
    if (id) return *id;
  }
  return MalformedAt(path, 0, "not a network namespace", link);
}

Result<NamespaceId> NamespaceIdOfFile(const std::string& path) {
  struct stat info = {};
  if (stat(path.c_str(), &info) != 0) return ErrorFromErrno(errno, path, "stat");
  return static_cast<NamespaceId>(info.st_ino);
}

Status EnterNetworkNamespace(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return ErrorFromErrno(errno, path, "open");
  const int result = setns(fd, CLONE_NEWNET);
  const int err = errno;
  close(fd);
  if (result != 0) return ErrorFromErrno(err, path, "setns");
  return {};
}

std::unique_ptr<NetlinkSource> MakeTransientNetlinkSource() {
  return std::make_unique<TransientSource>();
}

}  // namespace netstack
