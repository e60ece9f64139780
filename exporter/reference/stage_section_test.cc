#include "exporter/reference/stage_section.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>

#include "collectors/catalog.h"

namespace netstack {
namespace {

using testing::HasSubstr;

constexpr auto kFamilies = std::to_array<Family>({
    {.name = "netstack_softnet_dropped_total",
     .type = MetricType::kCounter,
     .path = Path::kReceive,
     .stage = Stage::kBacklog,
     .role = Role::kDrop,
     .labels = {"cpu"},
     .help = "Packets lost|."},
    {.name = "netstack_softnet_packets_total",
     .type = MetricType::kCounter,
     .path = Path::kReceive,
     .stage = Stage::kBacklog,
     .role = Role::kFlow,
     .help = "Packets."},
    {.name = "netstack_elsewhere", .help = "Not here."},
});
constexpr CollectorDeclaration kCollector = {.name = "sample", .families = kFamilies};

TEST(WriteStageSection, TellsCausesSaturationAndFamilies) {
  const std::array collectors = {&kCollector, &kCollector};
  EXPECT_EQ(WriteStageSection(*StageNamed("receive-backlog"), collectors, {}),
            R"(Labels: `path="receive",stage="backlog"`, stage 06 of its path.

Drops (`netstack_path_drops_total`):

| class | cause | what it is | counted from |
|---|---|---|---|
| loss | `backlog_full` | Packets lost because a CPU's backlog was full. | [`netstack_softnet_dropped_total`](../metrics.md#netstack_softnet_dropped_total) less [`netstack_softnet_flow_limit_total`](../metrics.md#netstack_softnet_flow_limit_total) |
| loss | `flow_limit` | Packets of a dominant flow lost to the flow limit. | [`netstack_softnet_flow_limit_total`](../metrics.md#netstack_softnet_flow_limit_total) |

Saturation (`netstack_path_saturation_ratio`):

| resource | depth | limit |
|---|---|---|
| `backlog` | [`netstack_softnet_backlog_input_packets`](../metrics.md#netstack_softnet_backlog_input_packets), [`netstack_softnet_backlog_packets`](../metrics.md#netstack_softnet_backlog_packets) | [`netstack_tunable`](../metrics.md#netstack_tunable) of name `net.core.netdev_max_backlog` |

Lost, or an aggregate or a consequence of losses (the ledger decides):

- [`netstack_softnet_dropped_total`](../metrics.md#netstack_softnet_dropped_total): Packets lost\|.

Work done: [`netstack_softnet_packets_total`](../metrics.md#netstack_softnet_packets_total).
)");
}

TEST(WriteStageSection, HasEveryFamilyOfTheCatalogAtItsStage) {
  for (const CollectorDeclaration* const collector : Catalog()) {
    for (const Family& family : collector->families) {
      if (family.path == Path::kNone || family.role == Role::kTunable) continue;
      const std::string name =
          std::string(Slug(family.path)) + "-" + std::string(Slug(family.stage));
      EXPECT_THAT(WriteStageSection(*StageNamed(name), Catalog(), {}),
                  HasSubstr("(../metrics.md#" + std::string(family.name) + ")"));
    }
  }
}

TEST(WriteStageSection, SaysThatAStageLosesNothing) {
  EXPECT_THAT(WriteStageSection(*StageNamed("receive-irq"), Catalog(), {}),
              HasSubstr("Drops: the ledger counts none here.\n"));
}

TEST(StageNamed, KnowsEveryStageAndNothingElse) {
  for (const StageInfo& info : AllStages()) {
    const std::string name = std::string(Slug(info.path)) + "-" + std::string(Slug(info.stage));
    EXPECT_EQ(StageNamed(name), &info);
  }
  for (const char* name : {"", "backlog", "receive", "receive-qdisc", "receive-backlog-"}) {
    EXPECT_EQ(StageNamed(name), nullptr) << name;
  }
}

}  // namespace
}  // namespace netstack
