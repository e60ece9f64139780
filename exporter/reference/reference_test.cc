#include "exporter/reference/reference.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <set>

#include "collectors/catalog.h"

namespace netstack {
namespace {

using testing::HasSubstr;

constexpr auto kFamilies = std::to_array<Family>({
    {.name = "netstack_sent_bytes_total",
     .type = MetricType::kCounter,
     .path = Path::kTransmit,
     .stage = Stage::kSocket,
     .role = Role::kFlow,
     .labels = {"device", "queue"},
     .help = "Bytes sent."},
    {.name = "netstack_lost_total",
     .type = MetricType::kCounter,
     .path = Path::kReceive,
     .stage = Stage::kBacklog,
     .role = Role::kDrop,
     .tier = Tier::kExtended,
     .width = Width::k32,
     .labels = {"cpu"},
     .help = "Packets lost.",
     .source = "/proc/a|b column *",
     .reading = "Rising: see <name>."},
});
constexpr auto kOptions = std::to_array<OptionSpec>({
    {.name = "tier",
     .kind = OptionSpec::Kind::kWord,
     .default_value = "core",
     .help = "How many.",
     .words = "core|all"},
    {.name = "most",
     .kind = OptionSpec::Kind::kInteger,
     .default_value = "5",
     .help = "At most.",
     .min = 1,
     .max = 9},
});
constexpr auto kScrape = std::to_array<Family>({
    {.name = "netstack_build_info",
     .type = MetricType::kInfo,
     .labels = {"version"},
     .help = "The program."},
});
constexpr CollectorDeclaration kCollector = {.name = "sample",
                                             .summary = "Reads a sample.",
                                             .enabled_by_default = false,
                                             .families = kFamilies,
                                             .options = kOptions};

TEST(WriteReference, OrdersFamiliesByPathAndStage) {
  const std::array collectors = {&kCollector};
  const std::array others = {ReferenceSource{"process", kScrape}};
  const std::string text = WriteReference(collectors, others);
  EXPECT_EQ(text.substr(text.find("## Receive path")), R"(## Receive path

### 06 backlog: Per-CPU backlog (RPS, loopback, veth)

#### netstack_lost_total

Packets lost.

counter (32 bits) · labels: `cpu` · role: drop · tier: extended · collector: sample

Reading: Rising: see &lt;name>.

Source: /proc/a\|b column \*

## Transmit path

### 01 socket: Socket send buffer

#### netstack_sent_bytes_total

Bytes sent.

counter · labels: `device`, `queue` · unit: bytes · role: flow · tier: core · collector: sample

## On no path

#### netstack_build_info

The program.

info · labels: `version` · tier: core · collector: process

## Collectors and their options

### sample

Reads a sample. Off by default.

| option | value | default | meaning |
|---|---|---|---|
| `--collector.sample.tier` | core\|all | core | How many. |
| `--collector.sample.most` | whole number from 1 to 9 | 5 | At most. |
)");
}

TEST(WriteReference, HasEveryFamilyOfTheCatalogOnce) {
  const std::string text = WriteReference(Catalog(), {});
  for (const CollectorDeclaration* const collector : Catalog()) {
    EXPECT_THAT(text, HasSubstr("### " + std::string(collector->name) + "\n"));
    for (const Family& family : collector->families) {
      const std::string heading = "\n#### " + std::string(family.name) + "\n";
      const std::size_t at = text.find(heading);
      ASSERT_NE(at, std::string::npos) << family.name;
      EXPECT_EQ(text.find(heading, at + 1), std::string::npos) << family.name;
    }
  }
}

}  // namespace
}  // namespace netstack
