#include "model/stage.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace netstack {
namespace {

TEST(Stages, CountFrom01WithoutGapsAlongEachPath) {
  std::map<Path, int> next;
  for (const StageInfo& info : AllStages()) {
    const int order = ++next[info.path];
    EXPECT_EQ(info.order, (order < 10 ? "0" : "") + std::to_string(order)) << info.title;
  }
  EXPECT_EQ(next[Path::kReceive], 12);
  EXPECT_EQ(next[Path::kTransmit], 11);
}

TEST(Stages, HaveTheSlugsOfTheContract) {
  std::string receive, transmit;
  for (const StageInfo& info : AllStages()) {
    (info.path == Path::kReceive ? receive : transmit) += std::string(Slug(info.stage)) + " ";
  }
  EXPECT_EQ(receive, "wire ring irq napi xdp backlog ingress ip netfilter listen tcp datagram ");
  EXPECT_EQ(transmit, "socket tcp ip netfilter neighbour egress qdisc queue ring completion wire ");
}

TEST(Stages, KnowWhatIsOnAPath) {
  EXPECT_TRUE(IsOnPath(Path::kReceive, Stage::kBacklog));
  EXPECT_FALSE(IsOnPath(Path::kTransmit, Stage::kBacklog));
  EXPECT_TRUE(IsOnPath(Path::kNone, Stage::kNone));
  EXPECT_FALSE(IsOnPath(Path::kReceive, Stage::kNone));
  EXPECT_FALSE(IsOnPath(Path::kNone, Stage::kRing));
}

}  // namespace
}  // namespace netstack
