#pragma once

#include <string>
#include <vector>

#include "kernel/file.h"
#include "kernel/result.h"

namespace netstack {

// What a symbolic link is: what it points to, or, which saves a look at each, a directory, as all
// are in /sys/class.
enum class Links { kAreFollowed, kAreDirectories };

// Fills `entries` with what is in the directory, sorted by name, without "." and "..".
Status ListDirectory(const std::string& path, std::vector<DirectoryEntry>& entries,
                     FileObserver* observer = nullptr, Links links = Links::kAreFollowed);

// Where a symbolic link points, as it is written: usually relative. kAbsent when there is nothing.
Result<std::string> ReadLink(const std::string& path, FileObserver* observer = nullptr);

// The last part of a path or link target: "virtio_net" of "../../bus/virtio/drivers/virtio_net".
std::string_view BaseName(std::string_view path);

}  // namespace netstack
