#pragma once

#include <string>
#include <vector>

#include "collectors/sockets/owner_groups.h"
#include "kernel/directory_inodes.h"

namespace netstack::sockets {

// Control groups (version 2) own sockets, since Linux 5.9. Their names are paths below the mount
// point, "/system.slice/nginx.service".
class CgroupOwners : public SocketOwners {
 public:
  static constexpr std::size_t kMost = 4096;  // Directories that are looked at.

  // `mount_points` are where version 2 may be mounted; the first that is counts.
  explicit CgroupOwners(std::vector<std::string> mount_points);

  // The tree is read again only when the walk before came upon a group that is not known.
  Status Read() override;
  std::uint32_t OwnerOf(const InetSocket& socket) const override;
  std::size_t size() const override { return groups_.size(); }
  std::string_view NameOf(std::uint32_t owner) const override { return groups_[owner].path; }

 private:
  std::vector<std::string> mount_points_;
  std::vector<DirectoryInode> groups_;  // By inode, which is a group's id.
  mutable bool met_unknown_ = true;
};

}  // namespace netstack::sockets
