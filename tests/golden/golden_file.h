#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace netstack {

// Compares with a file of the repository, `below` the source directory. With NETSTACK_UPDATE=1 in
// the environment the file is written instead, to be looked at and committed.
inline void ExpectIsFile(const std::string& below, const std::string& text) {
  const std::string path = std::string(NETSTACK_SOURCE_DIR) + "/" + below;
  if (const char* update = std::getenv("NETSTACK_UPDATE"); update != nullptr && *update == '1') {
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    ASSERT_TRUE(std::ofstream(path, std::ios::binary) << text) << path;
    return;
  }
  std::ifstream file(path, std::ios::binary);
  ASSERT_TRUE(file) << below << " is missing; make it with NETSTACK_UPDATE=1";
  const std::string kept{std::istreambuf_iterator<char>(file), {}};
  if (kept == text) return;
  const auto [left, right] = std::mismatch(kept.begin(), kept.end(), text.begin(), text.end());
  const auto line_at = [](const std::string& in, std::string::const_iterator at) {
    const auto offset = static_cast<std::size_t>(at - in.begin());
    const std::size_t newline = offset == 0 ? std::string::npos : in.rfind('\n', offset - 1);
    const std::size_t begin = newline == std::string::npos ? 0 : newline + 1;
    return in.substr(begin, in.find('\n', offset) - begin);
  };
  ADD_FAILURE() << below << " differs; if that is right, rewrite it with NETSTACK_UPDATE=1\nkept: "
                << line_at(kept, left) << "\nnow:  " << line_at(text, right);
}

}  // namespace netstack
