#pragma once

#include <string>

#include "kernel/result.h"

namespace netstack {

// The whole content of a file written by a person: a configuration, a certificate. At most 1 MiB;
// a directory, a larger file or a failed system call is an error that names the path. Pipes are
// read to their end.
Result<std::string> ReadSmallFile(const std::string& path);

}  // namespace netstack
