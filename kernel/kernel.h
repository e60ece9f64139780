#pragma once

#include "kernel/directory.h"
#include "kernel/file.h"
#include "kernel/netlink/netlink.h"
#include "kernel/roots.h"

namespace netstack {

class BpfSource;

// The kernel as a collector sees it: everything that can fail, be recorded or be replaced in a
// test. Plain references; whoever makes one keeps the parts alive for longer than the collectors.
struct Kernel {
  Roots roots;
  NetlinkSource& netlink;
  FileObserver* file_observer = nullptr;  // Null unless a host is being recorded.
  // An open file below /proc/net keeps its network namespace alive.
  FileLife file_life = FileLife::kStaysOpen;
  BpfSource* bpf = nullptr;  // Null where there are no programs in the kernel: kernel/bpf/source.h.

  // `whole_within`: see File.
  File ProcFile(std::string_view below, std::size_t whole_within = 0) const {
    return File(roots.Proc(below), file_observer, whole_within, file_life);
  }
  File SysFile(std::string_view below, std::size_t whole_within = 0) const {
    return File(roots.Sys(below), file_observer, whole_within, file_life);
  }

  // The same for what is looked at once: full paths, as made by `roots`.
  Result<std::string> ReadFileOnce(const std::string& path) const {
    return ReadFile(path, file_observer);
  }
  Status ListDirectory(const std::string& path, std::vector<DirectoryEntry>& entries,
                       Links links = Links::kAreFollowed) const {
    return netstack::ListDirectory(path, entries, file_observer, links);
  }
  Result<std::string> ReadLink(const std::string& path) const {
    return netstack::ReadLink(path, file_observer);
  }
};

}  // namespace netstack
