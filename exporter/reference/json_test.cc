#include "exporter/reference/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>

#include "collectors/catalog.h"

namespace netstack {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr auto kFamilies = std::to_array<Family>({
    {.name = "netstack_sent_bytes_total",
     .type = MetricType::kCounter,
     .path = Path::kTransmit,
     .stage = Stage::kSocket,
     .role = Role::kFlow,
     .labels = {"device", "queue"},
     .help = "Bytes \"sent\"."},
    {.name = "netstack_sample_info", .type = MetricType::kInfo, .help = "A\\B.", .source = "a"},
});
constexpr CollectorDeclaration kCollector = {.name = "sample", .families = kFamilies};

TEST(WriteReferenceJson, TellsFamiliesOnceInTheirOrder) {
  const std::array collectors = {&kCollector, &kCollector};
  const std::string text = WriteReferenceJson(collectors, {});
  EXPECT_EQ(text.substr(text.find("\"families\"")),
            R"("families": [
{"name": "netstack_sent_bytes_total", "type": "counter", "path": "transmit", )"
            R"("stage": "socket", "role": "flow", "tier": "core", "unit": "bytes", )"
            R"("labels": ["device", "queue"], "declared_by": "sample", "help": "Bytes \"sent\".", )"
            R"("reading": "", "source": ""},
{"name": "netstack_sample_info", "type": "info", "path": "", "stage": "", "role": "info", )"
            R"("tier": "core", "unit": "", "labels": [], "declared_by": "sample", )"
            R"("help": "A\\B.", "reading": "", "source": "a"}]}
)");
}

TEST(WriteReferenceJson, TellsStagesWithTheirRowsOfTheLedger) {
  const std::string text = WriteReferenceJson({}, {});
  EXPECT_THAT(text, StartsWith("{\"stages\": [\n{\"path\": \"receive\", \"stage\": \"wire\", "
                               "\"order\": \"01\", "));
  EXPECT_THAT(
      text,
      HasSubstr(
          R"x("stage": "backlog", "order": "06", "title": "Per-CPU backlog (RPS, loopback, veth)", )x"
          R"x("packets": [], "drops": [{"class": "loss", "cause": "backlog_full", )x"
          R"x("says": "Packets lost because a CPU's backlog was full."}, )x"
          R"x({"class": "loss", "cause": "flow_limit", )x"
          R"x("says": "Packets of a dominant flow lost to the flow limit."}], "pressure": [], )x"
          R"x("saturation": ["backlog"], "blind": []})x"));
}

TEST(WriteReferenceJson, HasEveryFamilyOfTheCatalog) {
  const std::string text = WriteReferenceJson(Catalog(), {});
  for (const CollectorDeclaration* const collector : Catalog()) {
    for (const Family& family : collector->families) {
      EXPECT_THAT(text, HasSubstr("\n{\"name\": \"" + std::string(family.name) + "\", "));
    }
  }
}

}  // namespace
}  // namespace netstack
