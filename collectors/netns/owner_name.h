#pragma once

#include <string>
#include <string_view>

namespace netstack::netns {

// The stable name of what a process belongs to, from its /proc/PID/cgroup: the first twelve digits
// of a container's id, the name of a systemd-nspawn or LXC machine, or a service's unit. Empty when
// there is none, as for a user's session.
std::string OwnerName(std::string_view cgroup_file);

}  // namespace netstack::netns
