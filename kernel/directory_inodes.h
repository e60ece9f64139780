#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "kernel/result.h"

namespace netstack {

struct DirectoryInode {
  std::uint64_t inode = 0;
  std::string path;  // Below the root that was asked for: "/" for the root itself, "/a/b".
};

// Finds the directories of a file system below `root`, itself included, the upper ones first and at
// most `most`; fills `out`, sorted by inode. Directories that cannot be read, or that go meanwhile,
// are left out with what is below them.
Status ListDirectoryInodes(const std::string& root, std::size_t most,
                           std::vector<DirectoryInode>& out);

// The inode of a file or directory; nullopt when there is none.
std::optional<std::uint64_t> InodeOf(const std::string& path);

}  // namespace netstack
