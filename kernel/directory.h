#pragma once

#include <string>
#include <vector>

#include "kernel/file.h"
#include "kernel/result.h"

namespace netstack {

// Fills `entries` with what is in the directory, sorted by name, without "." and "..".
Status ListDirectory(const std::string& path, std::vector<DirectoryEntry>& entries,
                     FileObserver* observer = nullptr);

// Where a symbolic link points, as it is written: usually relative. kAbsent when there is nothing.
Result<std::string> ReadLink(const std::string& path, FileObserver* observer = nullptr);

// The last part of a path or link target: "virtio_net" of "../../bus/virtio/drivers/virtio_net".
std::string_view BaseName(std::string_view path);

}  // namespace netstack
