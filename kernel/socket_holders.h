#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/result.h"

namespace netstack {

// The names of the processes that hold sockets, by the sockets' inodes: what /proc/PID/fd says.
// Processes of other users may be looked into with CAP_SYS_PTRACE only.
class SocketHolders {
 public:
  static constexpr std::uint32_t kNobody = UINT32_MAX;

  // `procfs` is where it is mounted.
  explicit SocketHolders(std::string procfs) : procfs_(std::move(procfs)) {}

  // Looks at `most` descriptors of all processes at most. A socket that several processes hold is
  // that of the lowest number. Descriptors and processes that go meanwhile are left out.
  Status Read(std::size_t most);

  // The number of the name of whom the inode belongs to.
  std::uint32_t NameNumber(std::uint32_t inode) const;
  // Names (/proc/PID/comm) are in the order in which they were found, each once.
  const std::vector<std::string>& names() const { return names_; }
  // Processes that could not be looked into.
  std::size_t refused() const { return refused_; }

 private:
  struct Holder {
    std::uint32_t inode;
    std::uint32_t name;
  };
  void ReadProcess(std::uint32_t pid, std::size_t most);
  std::uint32_t NumberOf(std::string_view name);

  std::string procfs_;
  std::vector<std::uint32_t> pids_;
  std::vector<Holder> holders_;  // By inode.
  std::vector<std::string> names_;
  std::size_t descriptors_ = 0;
  std::size_t refused_ = 0;
};

}  // namespace netstack
