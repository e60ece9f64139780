#include "collectors/sockets/process_owners.h"

namespace netstack::sockets {

Status ProcessOwners::Read() {
  if (Status read = holders_.Read(kMostDescriptors); !read) return read;
  if (holders_.refused() == 0) return {};
  return Error{.kind = ErrorKind::kNoPermission,
               .path = "/proc/PID/fd",
               .what = "may not look into " + std::to_string(holders_.refused()) +
                       " processes (CAP_SYS_PTRACE); their sockets are in the group other"};
}

}  // namespace netstack::sockets
