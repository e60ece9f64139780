#pragma once

#include <cstddef>
#include <string>

#include "kernel/result.h"

namespace netstack {

// Counts the descriptors that a /proc/PID/fd directory lists. On procfs it keeps the directory
// open, and that descriptor is one of those counted when the process is our own; elsewhere
// (fixtures) the directory is opened each time. Does not allocate after the first call. One thread
// at a time.
class OpenFds {
 public:
  explicit OpenFds(std::string path);
  OpenFds(const OpenFds&) = delete;
  OpenFds& operator=(const OpenFds&) = delete;
  ~OpenFds();

  Result<std::size_t> Count();

 private:
  Result<std::size_t> CountByWalking();
  void Close();

  std::string path_;
  int fd_ = -1;
  bool on_procfs_ = false;
};

}  // namespace netstack
