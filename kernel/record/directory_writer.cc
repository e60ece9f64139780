#include "kernel/record/directory_writer.h"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <system_error>

namespace netstack {
namespace {

namespace fs = std::filesystem;

bool IsProper(const fs::path& below) {
  if (below.empty() || below.is_absolute()) return false;
  return std::find(below.begin(), below.end(), "..") == below.end();
}

}  // namespace

Result<DirectoryWriter> DirectoryWriter::Open(const std::string& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  const fs::path root = error ? fs::path() : fs::canonical(directory, error);
  if (error) return ErrorFromErrno(error.value(), directory, "make directory");
  return DirectoryWriter(root);
}

bool DirectoryWriter::IsInside(const fs::path& path) const {
  const auto [end, unused] = std::mismatch(root_.begin(), root_.end(), path.begin(), path.end());
  return end == root_.end();
}

bool DirectoryWriter::MakeParents(const fs::path& path) const {
  std::error_code error;
  // Links that exist are followed here; where they lead must be inside.
  if (!IsInside(fs::weakly_canonical(path.parent_path(), error)) || error) return false;
  fs::create_directories(path.parent_path(), error);
  return !error && IsInside(fs::canonical(path.parent_path(), error)) && !error;
}

bool DirectoryWriter::WriteFile(const fs::path& below, std::string_view bytes) {
  const fs::path path = root_ / below;
  if (!IsProper(below) || !MakeParents(path)) return false;
  const fs::path temporary = path.string() + ".tmp";
  std::ofstream file(temporary, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  std::error_code error;
  if (file) fs::rename(temporary, path, error);
  if (!file || error) {
    fs::remove(temporary, error);
    return false;
  }
  return true;
}

bool DirectoryWriter::MakeDirectory(const fs::path& below) {
  const fs::path path = root_ / below;
  std::error_code error;
  if (!IsProper(below) || !MakeParents(path)) return false;
  if (fs::is_directory(path, error)) return true;
  return fs::create_directory(path, error);
}

bool DirectoryWriter::MakeLink(const fs::path& below, const std::string& target) {
  const fs::path path = root_ / below;
  if (!IsProper(below) || !MakeParents(path)) return false;
  std::error_code error;
  if (fs::is_symlink(path) && fs::read_symlink(path, error) == target) return true;
  const fs::path destination = (path.parent_path() / target).lexically_normal();
  // The destination is made, so that files can be recorded through the link.
  if (IsInside(destination) && destination != path && !fs::path(target).is_absolute()) {
    if (fs::is_directory(fs::symlink_status(path, error))) {
      if (fs::exists(destination, error) || !MakeParents(destination)) return false;
      fs::rename(path, destination, error);
      if (error) return false;
    } else if (MakeParents(destination)) {
      fs::create_directory(destination, error);
    }
  }
  fs::remove(path, error);
  fs::create_symlink(target, path, error);
  return !error;
}

bool DirectoryWriter::Exists(const fs::path& below) const {
  std::error_code error;
  return fs::symlink_status(root_ / below, error).type() != fs::file_type::not_found;
}

}  // namespace netstack
