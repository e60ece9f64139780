#include "kernel/record/host_recording.h"

#include <utility>

#include "kernel/record/exchange.h"

namespace netstack {
namespace {

namespace fs = std::filesystem;

class RecordingPort : public NetlinkPort {
 public:
  RecordingPort(int protocol, std::unique_ptr<NetlinkPort> port, HostRecording& recording)
      : protocol_(protocol), port_(std::move(port)), recording_(recording) {}

  Status Request(std::uint16_t type, std::uint16_t flags, std::span<const std::byte> payload,
                 const NetlinkVisitor& visit, const std::function<void()>& restart) override {
    const Exchange::Request request = {
        .protocol = protocol_, .type = type, .flags = flags, .payload = payload};
    Exchange exchange(request);
    Status status = port_->Request(
        type, flags, payload,
        [&](const NetlinkMessage& message) {
          exchange.AddMessage(message);
          visit(message);
        },
        [&] {
          exchange.AddRestart();
          if (restart) restart();
        });
    exchange.AddEnd(status);
    recording_.OnExchange(Exchange::FileName(request), exchange.bytes());
    return status;
  }
  void Stop() override { port_->Stop(); }

 private:
  int protocol_;
  std::unique_ptr<NetlinkPort> port_;
  HostRecording& recording_;
};

class RecordingSource : public NetlinkSource {
 public:
  RecordingSource(NetlinkSource& source, HostRecording& recording)
      : source_(source), recording_(recording) {}

  Result<std::unique_ptr<NetlinkPort>> Open(int protocol) override {
    Result<std::unique_ptr<NetlinkPort>> port = source_.Open(protocol);
    if (!port) return port.error();
    return std::unique_ptr<NetlinkPort>(
        std::make_unique<RecordingPort>(protocol, std::move(*port), recording_));
  }

 private:
  NetlinkSource& source_;
  HostRecording& recording_;
};

// The path below `root`, or nothing. Both are absolute.
std::string_view Below(std::string_view root, std::string_view path) {
  while (root.ends_with('/')) root.remove_suffix(1);
  if (!path.starts_with(root) || path.size() <= root.size() || path[root.size()] != '/') return {};
  return path.substr(path.find_first_not_of('/', root.size()));
}

// Where a path of the host is kept below the recording's directory.
fs::path PlaceOf(const Roots& roots, std::string_view path) {
  if (const std::string_view below = Below(roots.procfs, path); !below.empty()) {
    return fs::path("proc") / below;
  }
  if (const std::string_view below = Below(roots.sysfs, path); !below.empty()) {
    return fs::path("sys") / below;
  }
  return Below(roots.rootfs, path);
}

}  // namespace

Result<std::unique_ptr<HostRecording>> HostRecording::Start(const std::string& directory,
                                                            const Roots& roots,
                                                            NetlinkSource& source) {
  Result<DirectoryWriter> writer = DirectoryWriter::Open(directory);
  if (!writer) return writer.error();
  return std::unique_ptr<HostRecording>(new HostRecording(std::move(*writer), roots, source));
}

HostRecording::HostRecording(DirectoryWriter writer, const Roots& roots, NetlinkSource& source)
    : roots_(roots),
      netlink_(std::make_unique<RecordingSource>(source, *this)),
      writer_(std::move(writer)) {}

HostRecording::~HostRecording() = default;

Kernel HostRecording::kernel() {
  return {.roots = roots_, .netlink = *netlink_, .file_observer = this};
}

std::size_t HostRecording::failures() const {
  const std::lock_guard lock(mutex_);
  return failures_;
}

void HostRecording::Note(bool written) {
  if (!written) ++failures_;
}

void HostRecording::OnFileRead(std::string_view path, std::string_view bytes) {
  const std::lock_guard lock(mutex_);
  Note(writer_.WriteFile(PlaceOf(roots_, path), bytes));
}

void HostRecording::OnDirectoryListed(std::string_view path,
                                      std::span<const DirectoryEntry> entries) {
  const std::lock_guard lock(mutex_);
  const fs::path place = PlaceOf(roots_, path);
  Note(writer_.MakeDirectory(place));
  for (const DirectoryEntry& entry : entries) {
    const fs::path below = place / entry.name;
    if (writer_.Exists(below)) continue;
    Note(entry.is_directory ? writer_.MakeDirectory(below) : writer_.WriteFile(below, {}));
  }
}

void HostRecording::OnLinkRead(std::string_view path, std::string_view target) {
  const std::lock_guard lock(mutex_);
  Note(writer_.MakeLink(PlaceOf(roots_, path), std::string(target)));
}

void HostRecording::OnExchange(const std::string& file, std::string_view bytes) {
  const std::lock_guard lock(mutex_);
  Note(writer_.WriteFile(fs::path("netlink") / file, bytes));
}

}  // namespace netstack
