#include "collectors/network_cards.h"

#include <gtest/gtest.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace netstack {
namespace {

// Tells of links what the test says.
class LinkNews : public NetlinkSource {
 public:
  bool can_listen = true;
  bool has_news = false;
  bool has_lost_some = false;

  Result<std::unique_ptr<NetlinkPort>> Open(int) override {
    return Error{.kind = ErrorKind::kUnsupported, .what = "no requests"};
  }
  Result<std::unique_ptr<NetlinkListener>> Listen(int protocol, std::uint32_t group) override {
    EXPECT_EQ(protocol, NETLINK_ROUTE);
    EXPECT_EQ(group, static_cast<std::uint32_t>(RTNLGRP_LINK));
    if (!can_listen) return NetlinkSource::Listen(protocol, group);
    return std::unique_ptr<NetlinkListener>(std::make_unique<Listener>(*this));
  }

 private:
  class Listener : public NetlinkListener {
   public:
    explicit Listener(LinkNews& kernel) : kernel_(kernel) {}
    Status TakeNews(const NetlinkVisitor& visit) override {
      if (std::exchange(kernel_.has_news, false)) visit({.type = RTM_NEWLINK, .payload = {}});
      if (!std::exchange(kernel_.has_lost_some, false)) return {};
      return Error{.kind = ErrorKind::kIo, .what = "no buffer space"};
    }

   private:
    LinkNews& kernel_;
  };
};

class NetworkCardsTest : public testing::Test {
 protected:
  NetworkCardsTest() {
    char name[] = "/tmp/netstack_cards.XXXXXX";
    root_ = mkdtemp(name);
    kernel_.roots.sysfs = root_;
    Add("eth0", 2);
  }
  ~NetworkCardsTest() override { std::filesystem::remove_all(root_); }

  void Add(const std::string& device, int index) const {
    const auto directory = root_ / "class/net" / device;
    std::filesystem::create_directories(directory);
    std::filesystem::create_directory_symlink("../../../0000:00:03.0", directory / "device");
    std::ofstream(directory / "ifindex") << index << "\n";
  }
  void Remove(const std::string& device) const {
    std::filesystem::remove_all(root_ / "class/net" / device);
  }
  std::vector<std::string> Update() {
    if (!cards_) cards_.emplace(kernel_, options_, DevicePolicy());
    EXPECT_TRUE(cards_->Update());
    std::vector<std::string> names;
    for (const NetworkCard& card : cards_->all()) names.push_back(card.name);
    return names;
  }
  // What two calls see of a device that is new, after those of the start.
  void Start() {
    for (int i = 0; i < 3; ++i) ASSERT_EQ(Update(), kOne);
    Add("eth1", 3);
  }

  static inline const std::vector<std::string> kOne = {"eth0"};
  static inline const std::vector<std::string> kTwo = {"eth0", "eth1"};
  std::filesystem::path root_;
  LinkNews news_;

 private:
  Kernel kernel_{.roots = {}, .netlink = news_};
  OptionValues options_{kCardOptions};
  std::optional<NetworkCards> cards_;
};

TEST_F(NetworkCardsTest, AreListedAgainAtNewsOfALink) {
  Start();
  EXPECT_EQ(Update(), kOne) << "nobody told of it";
  news_.has_news = true;
  EXPECT_EQ(Update(), kTwo);
}

TEST_F(NetworkCardsTest, AreListedOnceMoreAfterTheNews) {
  Start();
  news_.has_news = true;
  EXPECT_EQ(Update(), kTwo);
  Remove("eth1");
  EXPECT_EQ(Update(), kOne);
}

TEST_F(NetworkCardsTest, AreListedWhenNewsWereLost) {
  Start();
  news_.has_lost_some = true;
  EXPECT_EQ(Update(), kTwo);
}

TEST_F(NetworkCardsTest, AreListedNowAndThenWithoutNews) {
  Start();
  int rounds = 1;
  while (Update() == kOne) ASSERT_LT(++rounds, 20);
  EXPECT_EQ(rounds, 7) << "the third round of the start was quiet already";
}

TEST_F(NetworkCardsTest, AreListedEveryTimeWhereThereAreNoNewsToHear) {
  news_.can_listen = false;
  Start();
  EXPECT_EQ(Update(), kTwo);
}

}  // namespace
}  // namespace netstack
