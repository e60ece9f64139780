#pragma once

#include <sys/types.h>

#include <string>

namespace netstack {

// What a thread of this process waits for inside the kernel: "openat of /proc/net/dev", "sendto of
// netlink route", "futex"; "running" when it is not in the kernel, empty when nobody can tell.
// From /proc/self/task/TID/syscall; a thread that goes on meanwhile may be described wrongly.
std::string DescribeBlockedCall(pid_t thread);

}  // namespace netstack
