#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "kernel/kernel.h"
#include "kernel/record/directory_writer.h"

namespace netstack {

// Writes down all that collectors learn from the kernel, so that a HostReplay can tell it again:
//
//   DIR/proc/...  DIR/sys/...   files, directories and links as they were read last
//   DIR/...                     what lies below neither, by its path below the root directory
//   DIR/netlink/PROTOCOL/*.bin  requests and their answers (format: kernel/record/exchange.h)
//
// A file that could not be read is not there, so that a replay finds it absent whatever the reason
// was; netlink errors are kept as they were. What could not be written is counted by failures().
// The directory then holds addresses and names of this host.
class HostRecording : public FileObserver {
 public:
  // `roots` are the ones that collectors read from; `source` must outlive the object.
  static Result<std::unique_ptr<HostRecording>> Start(const std::string& directory,
                                                      const Roots& roots, NetlinkSource& source);
  ~HostRecording() override;

  // What to make collectors with, valid as long as the object.
  Kernel kernel();

  std::size_t failures() const;

  void OnFileRead(std::string_view path, std::string_view bytes) override;
  void OnDirectoryListed(std::string_view path, std::span<const DirectoryEntry> entries) override;
  void OnLinkRead(std::string_view path, std::string_view target) override;
  // The answer to a netlink request; `file` is the name below DIR/netlink.
  void OnExchange(const std::string& file, std::string_view bytes);

 private:
  HostRecording(DirectoryWriter writer, const Roots& roots, NetlinkSource& source);
  void Note(bool written);

  Roots roots_;
  std::unique_ptr<NetlinkSource> netlink_;
  mutable std::mutex mutex_;  // Guards the rest.
  DirectoryWriter writer_;
  std::size_t failures_ = 0;
};

}  // namespace netstack
