#include "collectors/sockets/cgroup_owners.h"

#include <algorithm>
#include <utility>

namespace netstack::sockets {

CgroupOwners::CgroupOwners(std::vector<std::string> mount_points)
    : mount_points_(std::move(mount_points)) {}

Status CgroupOwners::Read() {
  if (!met_unknown_) return {};
  Status read;
  for (const std::string& root : mount_points_) {
    // Every directory of version 2 has this file, and none of version 1.
    if (!InodeOf(root + "/cgroup.controllers")) continue;
    read = ListDirectoryInodes(root, kMost, groups_);
    met_unknown_ = !read;
    return read;
  }
  groups_.clear();
  return Error{.kind = ErrorKind::kAbsent,
               .path = mount_points_.empty() ? std::string() : mount_points_.front(),
               .what = "no control groups of version 2"};
}

std::uint32_t CgroupOwners::OwnerOf(const InetSocket& socket) const {
  const auto found =
      std::ranges::lower_bound(groups_, socket.cgroup_id, {}, &DirectoryInode::inode);
  if (found == groups_.end() || found->inode != socket.cgroup_id) {
    met_unknown_ = true;
    return kNobody;
  }
  return static_cast<std::uint32_t>(found - groups_.begin());
}

}  // namespace netstack::sockets
