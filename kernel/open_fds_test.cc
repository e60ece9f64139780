#include "kernel/open_fds.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace netstack {
namespace {

TEST(OpenFds, FollowsTheDescriptorsOfThisProcess) {
  OpenFds open_fds("/proc/self/fd");
  const Result<std::size_t> before = open_fds.Count();
  ASSERT_TRUE(before);
  std::array<int, 200> more;
  for (int& fd : more) fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
  EXPECT_EQ(*open_fds.Count(), *before + more.size());
  for (const int fd : more) close(fd);
  EXPECT_EQ(*open_fds.Count(), *before);
}

std::size_t ListedFds() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    ++count;
  }
  return count;
}

TEST(OpenFds, AgreesWithAListing) {
  OpenFds open_fds("/proc/self/fd");
  ASSERT_TRUE(open_fds.Count());
  EXPECT_EQ(*open_fds.Count(), ListedFds() - 1) << "the listing sees its own descriptor too";
}

TEST(OpenFds, WalksAFixtureAndSeesItChange) {
  char name[] = "/tmp/netstack_open_fds_test.XXXXXX";
  const std::filesystem::path directory = mkdtemp(name);
  OpenFds open_fds(directory);
  EXPECT_EQ(*open_fds.Count(), 0u);
  for (int fd = 0; fd < 300; ++fd) std::ofstream(directory / std::to_string(fd)) << "";
  EXPECT_EQ(*open_fds.Count(), 300u);
  std::filesystem::remove_all(directory);
  const Result<std::size_t> gone = open_fds.Count();
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().kind, ErrorKind::kAbsent);
}

}  // namespace
}  // namespace netstack
