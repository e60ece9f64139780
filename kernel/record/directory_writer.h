#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "kernel/result.h"

namespace netstack {

// Writes files, directories and links below one directory, and never outside of it, whatever the
// paths and links say. One thread at a time.
class DirectoryWriter {
 public:
  // Makes the directory if it is not there.
  static Result<DirectoryWriter> Open(const std::string& directory);

  // `below` is relative and has no ".." in it. Each replaces what was there before, except that a
  // directory stays a directory. Parents are made. False when it could not be written.
  bool WriteFile(const std::filesystem::path& below, std::string_view bytes);
  bool MakeDirectory(const std::filesystem::path& below);
  // A directory that stands where the link belongs moves to where the link points.
  bool MakeLink(const std::filesystem::path& below, const std::string& target);

  bool Exists(const std::filesystem::path& below) const;

 private:
  explicit DirectoryWriter(std::filesystem::path root) : root_(std::move(root)) {}
  bool IsInside(const std::filesystem::path& path) const;
  bool MakeParents(const std::filesystem::path& path) const;

  std::filesystem::path root_;  // Canonical.
};

}  // namespace netstack
