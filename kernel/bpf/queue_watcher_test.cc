// The programs in the kernel, where they can be loaded, under a clock of the test's own.
#include "kernel/bpf/queue_watcher.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <vector>

#include "kernel/bpf/loopback_fixture.h"
#include "kernel/bpf/type_information.h"
#include "kernel/capabilities.h"

namespace netstack {
namespace {

using Clock = QueueSource::Clock;
using std::chrono::seconds;

constexpr seconds kLookBack(75);

class QueueWatcherTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!MayLoadPrograms()) GTEST_SKIP() << "CAP_BPF and CAP_PERFMON are missing";
    const Btf types = LoadKernelBtf();
    if (types == nullptr) GTEST_SKIP() << "the kernel has no type information";
    statuses_ = AllIn(kCollectorHooks[1], ProgramState::kDisabled);
    watcher_ = QueueWatcher::Load(types.get(), statuses_);
    if (watcher_ == nullptr || statuses_.front().state != ProgramState::kOk) {
      GTEST_SKIP() << Slug(statuses_.front().state) << " " << statuses_.front().detail;
    }
    ASSERT_TRUE(connection_.is_there);
    watcher_->SetPorts(std::array{connection_.port}, {}, 20);
    Read();
  }

  void Read() { watcher_->Read(now_, kLookBack, record_); }
  const QueueGroup& Group() const {
    return *std::ranges::find(record_.groups, connection_.port, &QueueGroup::port);
  }

  // Bytes that came, and were read, in the middle of a step.
  struct Burst {
    Clock::time_point time;
    std::uint64_t bytes;
  };
  void Pass(std::uint64_t bytes) {
    connection_.Send(bytes);
    connection_.Read(bytes);
    bursts_.push_back({.time = now_, .bytes = bytes});
    total_ += bytes;
  }
  // The largest burst since a moment.
  std::uint64_t LargestSince(Clock::time_point moment) const {
    std::uint64_t largest = 0;
    for (auto burst = bursts_.rbegin(); burst != bursts_.rend() && burst->time >= moment; ++burst) {
      largest = std::max(largest, burst->bytes);
    }
    return largest;
  }

  const LoopbackConnection connection_{AF_INET};
  std::vector<ProgramStatus> statuses_;
  std::shared_ptr<QueueWatcher> watcher_;
  Clock::time_point now_ = Clock::now();
  QueueRecord record_;
  std::vector<Burst> bursts_;
  std::uint64_t total_ = 0;
};

class QueueWatcherDay : public QueueWatcherTest, public testing::WithParamInterface<seconds> {};

TEST_P(QueueWatcherDay, ShowsTheLookBackAndLittleMoreThroughoutADay) {
  const seconds step = GetParam();
  // An epoch ends at the first scrape after a sixth of the look-back.
  const auto epoch = step * ((kLookBack / 6 + step - std::chrono::nanoseconds(1)) / step);
  const Clock::time_point end = now_ + std::chrono::hours(24);
  Clock::time_point next = now_;
  std::uint64_t number = 0;
  for (std::size_t turn = 0; now_ < end; ++turn) {
    now_ += step / 2;
    // Of all sizes, in no order, some of them farther apart than the look-back.
    if (now_ >= next) {
      Pass(1 + (++number * 7919) % 30'000);
      next = now_ + seconds(10 + number * 37 % 110);
    }
    now_ += step - step / 2;
    Read();
    ASSERT_GE(Group().peaks.unread, LargestSince(now_ - kLookBack)) << "turn " << turn;
    ASSERT_LE(Group().peaks.unread, LargestSince(now_ - kLookBack - epoch)) << "turn " << turn;
  }
  EXPECT_EQ(Group().received_bytes, total_);
  EXPECT_EQ(record_.gaps, 0u);
  EXPECT_GT(number, 500u);
}

INSTANTIATE_TEST_SUITE_P(Steps, QueueWatcherDay,
                         testing::Values(seconds(2), seconds(15), seconds(60)),
                         [](const auto& test) { return std::to_string(test.param.count()) + "s"; });

TEST_F(QueueWatcherTest, ShowsEveryBurstToEachOfThreeScrapers) {
  constexpr std::array kIntervals = {seconds(5), seconds(15), seconds(60)};
  for (std::uint64_t turn = 1; turn <= 17'280; ++turn) {
    now_ += seconds(2);
    if (turn * 7919 % 11 == 0) Pass(1 + turn * 7919 % 30'000);
    now_ += seconds(3);
    for (const seconds interval : kIntervals) {
      if (turn % static_cast<std::uint64_t>(interval / seconds(5)) != 0) continue;
      Read();
      ASSERT_GE(Group().peaks.unread, LargestSince(now_ - interval)) << "turn " << turn;
    }
  }
  EXPECT_EQ(record_.gaps, 0u);
}

// Deeper than what else happens on this machine is likely to be.
TEST_F(QueueWatcherTest, CountsEachArrivalOnceByTheDepthThatItMakes) {
  constexpr int kBuffer = 64 << 20;
  constexpr std::size_t kBefore = 5 << 20;
  constexpr std::size_t kBin = 23;  // Up to 8 MiB.
  if (setsockopt(connection_.server.get(), SOL_SOCKET, SO_RCVBUFFORCE, &kBuffer, sizeof kBuffer) !=
      0) {
    GTEST_SKIP() << "CAP_NET_ADMIN is missing";
  }
  connection_.Send(kBefore);
  Read();
  const BinnedValues before = record_.unread;
  std::uint64_t sum = 0;
  for (std::size_t i = 1; i <= 20; ++i) {
    connection_.Send(1000, kBefore + (i - 1) * 1000);
    sum += kBefore + i * 1000;
  }
  for (int i = 0; i < 3; ++i) {
    Read();  // Which resets nothing.
    EXPECT_EQ(record_.unread.bins[kBin], before.bins[kBin] + 20);
    EXPECT_GE(record_.unread.sum, before.sum + sum);
    EXPECT_EQ(Group().peaks.unread, kBefore + 20'000);
    EXPECT_EQ(Group().received_bytes, kBefore + 20'000);
  }
}

TEST_F(QueueWatcherTest, FindsTheGroupOfAConnectionThatItHasSeenBefore) {
  const LoopbackConnection other(AF_INET);
  ASSERT_TRUE(other.is_there);
  other.Send(1000);
  watcher_->SetPorts(std::array{connection_.port, other.port}, {}, 20);
  other.Send(500, 1000);
  Read();
  const auto group = std::ranges::find(record_.groups, other.port, &QueueGroup::port);
  ASSERT_NE(group, record_.groups.end());
  EXPECT_EQ(group->received_bytes, 500u);
  EXPECT_EQ(group->peaks.unread, 1500u);
  now_ += kLookBack;  // Another epoch.
  Read();
  other.Send(1, 1500);
  Read();
  EXPECT_EQ(group->received_bytes, 501u);
  EXPECT_EQ(group->peaks.unread, 1501u);
}

TEST_F(QueueWatcherTest, LooksAtWhatIsShown) {
  watcher_->LookAtAll(false);
  Read();
  const QueueRecord before = record_;
  connection_.Send(1000);
  Read();
  EXPECT_EQ(Group().received_bytes, 1000u);
  EXPECT_EQ(Group().peaks.unread, 1000u);
  EXPECT_GT(Group().peaks.receive_fill, 0);
  EXPECT_EQ(record_.unread, before.unread);
  watcher_->LookAtAll(true);
  connection_.Send(1000, 1000);
  Read();
  EXPECT_EQ(Group().peaks.unread, 2000u);
  EXPECT_GE(record_.unread.sum, before.unread.sum + 2000);
}

}  // namespace
}  // namespace netstack
