#include "collectors/netns/discovery.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace netstack::netns {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::string_view kSession = "0::/user.slice/user-0.slice/session-1.scope\n";
constexpr std::string_view kService = "0::/system.slice/chrony.service\n";

class DiscoveryTest : public ::testing::Test {
 protected:
  DiscoveryTest() {
    char name[] = "/tmp/netstack_discovery.XXXXXX";
    root_ = mkdtemp(name);
    kernel_.roots = {.procfs = root_ / "proc", .sysfs = root_ / "sys", .rootfs = root_};
    AddProcess("self", "net:[1]", kSession);
    AddProcess("1", "net:[1]", kSession);
  }
  ~DiscoveryTest() override { std::filesystem::remove_all(root_); }

  void AddProcess(const std::string& pid, std::string_view link, std::string_view cgroup) {
    const std::filesystem::path folder = root_ / "proc" / pid;
    std::filesystem::create_directories(folder / "ns");
    std::filesystem::create_symlink(link, folder / "ns" / "net");
    std::ofstream(folder / "cgroup") << cgroup;
  }
  NamespaceId AddName(const std::string& name) {
    const std::filesystem::path file = root_ / "run/netns" / name;
    std::filesystem::create_directories(file.parent_path());
    const std::ofstream made(file);
    return *NamespaceIdOfFile(file);
  }
  std::vector<std::string> Names() {
    std::vector<std::string> names;
    for (const Found& found : Discover(kernel_, wanted_, leftover_, error_)) {
      names.push_back(found.name);
    }
    return names;
  }

  class NoNetlink : public NetlinkSource {
    Result<std::unique_ptr<NetlinkPort>> Open(int) override { return Error{}; }
  };
  NoNetlink netlink_;
  Kernel kernel_{.roots = {}, .netlink = netlink_};
  std::filesystem::path root_;
  Wanted wanted_;
  Leftover leftover_;
  std::optional<Error> error_;
};

TEST_F(DiscoveryTest, FindsNothingWhereThereIsOneNamespaceOnly) {
  wanted_.processes = true;
  EXPECT_THAT(Names(), IsEmpty());
  EXPECT_EQ(leftover_, Leftover{});
  EXPECT_FALSE(error_.has_value());
}

TEST_F(DiscoveryTest, FindsNamesInOrder) {
  AddName("red");
  const NamespaceId blue = AddName("blue");
  const auto found = Discover(kernel_, wanted_, leftover_, error_);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0], (Found{.name = "blue",
                             .id = blue,
                             .path = root_ / "run/netns/blue",
                             .pid = {},
                             .by = FoundBy::kName}));
  EXPECT_EQ(found[1].name, "red");
}

TEST_F(DiscoveryTest, ShowsANamespaceOnceWithTheNameAndAProcess) {
  const NamespaceId red = AddName("red");
  AddProcess("20", "net:[" + std::to_string(red) + "]", kService);
  wanted_.processes = true;
  const auto found = Discover(kernel_, wanted_, leftover_, error_);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].name, "red");
  EXPECT_EQ(found[0].pid, "20");
}

TEST_F(DiscoveryTest, NamesThoseOfProcessesAndCountsTheNameless) {
  AddProcess("20", "net:[7]", kSession);
  AddProcess("21", "net:[7]", kService);
  AddProcess("30", "net:[8]", kSession);
  AddProcess("40", "net:[9]", kService);  // A second one of that name.
  wanted_.processes = true;
  EXPECT_THAT(Names(), ElementsAre("chrony.service"));
  EXPECT_EQ(leftover_, Leftover{.unnamed = 2});
}

TEST_F(DiscoveryTest, LooksAtProcessesOnlyWhenAsked) {
  AddProcess("20", "net:[7]", kService);
  EXPECT_THAT(Names(), IsEmpty());
}

TEST_F(DiscoveryTest, TakesWhatIsConfigured) {
  AddProcess("20", "net:[7]", kService);
  AddName("red");
  AddName("blue");
  wanted_.named = false;
  wanted_.namespaces = {"20", "red", root_ / "run/netns/blue", "gone"};
  EXPECT_THAT(Names(), ElementsAre("blue", "chrony.service", "red"));
  EXPECT_FALSE(error_.has_value());
}

TEST_F(DiscoveryTest, SiftsByNameAndNumber) {
  for (const char* name : {"a1", "a2", "a3", "b1"}) AddName(name);
  wanted_.include = "a.*";
  wanted_.exclude = ".*2";
  EXPECT_THAT(Names(), ElementsAre("a1", "a3"));
  EXPECT_EQ(leftover_, Leftover{.excluded = 2});
  wanted_.most = 1;
  EXPECT_THAT(Names(), ElementsAre("a1"));
  EXPECT_EQ(leftover_, (Leftover{.excluded = 2, .beyond_cap = 1}));
}

TEST_F(DiscoveryTest, SaysWhatIsNoNamespace) {
  std::filesystem::remove(root_ / "proc/self/ns/net");
  std::filesystem::create_symlink("mnt:[1]", root_ / "proc/self/ns/net");
  EXPECT_THAT(Names(), IsEmpty());
  ASSERT_TRUE(error_.has_value());
  EXPECT_EQ(error_->Describe(),
            (root_ / "proc/self/ns/net").string() + ": not a network namespace: 'mnt:[1]'");
}

}  // namespace
}  // namespace netstack::netns
