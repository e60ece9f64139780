#include "exporter/doctor/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporter/doctor/rule_cases.h"

namespace netstack {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::PagePair;
using testing::Pair;
using testing::Still;

std::vector<Pair> Host(std::vector<Pair> more) {
  std::vector<Pair> pairs = testing::HealthyHost();
  for (const Pair& pair : std::vector<Pair>{
           {"netstack_path_packets_total{path=\"receive\",stage=\"ring\",device=\"eth0\"}", 0,
            5000},
           {"netstack_path_packets_total{path=\"receive\",stage=\"ring\",device=\"eth1\"}", 7, 7},
           Still("netstack_path_saturation_ratio{path=\"receive\",stage=\"backlog\","
                 "resource=\"backlog\"}",
                 0.5),
           Still("netstack_softnet_backlog_packets{cpu=\"0\"}", 500),
           Still("netstack_path_blind{path=\"receive\",stage=\"xdp\",reason=\"no_ebpf\"}", 1),
           Still("netstack_scrape_collector_state{collector=\"softnet\",state=\"ok\"}", 1),
           Still("netstack_scrape_collector_state{collector=\"nic\",state=\"timeout\"}", 1)}) {
    pairs.push_back(pair);
  }
  pairs.insert(pairs.end(), more.begin(), more.end());
  return pairs;
}

Report ReportOf(const std::vector<Pair>& pairs) {
  const PagePair pages(pairs);
  Result<Report> report = Examine(pages.Apart(10), "this host");
  EXPECT_TRUE(report) << report.error().Describe();
  return *std::move(report);
}

const std::vector<Pair> kBacklogLoss = {
    {testing::Loss("receive", "backlog", "backlog_full"), 100, 323},
    {"netstack_softnet_dropped_total{cpu=\"1\"}", 0, 223},
    {testing::Pressure("receive", "napi", "time_squeeze"), 3, 4}};

const Rung& RungOf(const Report& report, Path path, Stage stage) {
  for (const Rung& rung : report.ladder) {
    if (rung.stage->path == path && rung.stage->stage == stage) return rung;
  }
  ADD_FAILURE() << "no such rung";
  return report.ladder.front();
}

TEST(Examine, BuildsALadderOfAllStagesInOrder) {
  const Report report = ReportOf(Host(kBacklogLoss));
  ASSERT_EQ(report.ladder.size(), AllStages().size());
  for (std::size_t i = 0; i < report.ladder.size(); ++i) {
    EXPECT_EQ(report.ladder[i].stage, &AllStages()[i]);
  }
  const Rung& ring = RungOf(report, Path::kReceive, Stage::kRing);
  EXPECT_EQ(ring.rate, 500);
  EXPECT_EQ(ring.lost, 0);
  const Rung& backlog = RungOf(report, Path::kReceive, Stage::kBacklog);
  EXPECT_FALSE(backlog.rate);
  EXPECT_EQ(backlog.lost, 223);
  ASSERT_TRUE(backlog.fullest);
  EXPECT_EQ(backlog.fullest->resource, "backlog");
  EXPECT_EQ(backlog.fullest->ratio, 0.5);
  EXPECT_EQ(backlog.fullest->depth, 500);
  EXPECT_EQ(backlog.fullest->limit, 1000);
  EXPECT_FALSE(backlog.partly_blind);
  EXPECT_TRUE(RungOf(report, Path::kReceive, Stage::kXdp).partly_blind);
  const Rung& napi = RungOf(report, Path::kReceive, Stage::kNapi);
  ASSERT_EQ(napi.pressure.size(), 1U);
  EXPECT_EQ(napi.pressure[0].cause, "time_squeeze");
  const Rung& tcp = RungOf(report, Path::kReceive, Stage::kTcp);
  ASSERT_EQ(tcp.settings.size(), 1U);
  EXPECT_EQ(tcp.settings[0].value, "4096 131072 6291456");
}

TEST(Examine, RefusesPagesOfSomethingElse) {
  const PagePair pages({Still("go_goroutines", 5)});
  const Result<Report> report = Examine(pages.Apart(10), "other");
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().Describe(),
            "other: has no netstack_path_drops_total: not a whole page of netstack_exporter");
}

TEST(WriteText, ShowsWhatIsWrongAndWhatToDo) {
  const std::string text = WriteText(ReportOf(Host(kBacklogLoss)));
  EXPECT_THAT(text, HasSubstr("this host, 10 s, "));
  EXPECT_THAT(text, HasSubstr("  02 ring              500       0"));
  EXPECT_THAT(text, HasSubstr("  06 backlog             -     223   50 % backlog (500/1000)"));
  EXPECT_THAT(text, HasSubstr("loss backlog_full +223\n"));
  EXPECT_THAT(text, HasSubstr("pressure time_squeeze +1\n"));
  EXPECT_THAT(text, HasSubstr("\n1 loss found, the most harmful first.\n\n1. loss at receive "
                              "backlog: 223 packets lost"));
  EXPECT_THAT(text, HasSubstr("   Do      sysctl -w net.core.netdev_max_backlog=1256\n"));
  EXPECT_THAT(text, HasSubstr("   Undo    sysctl -w net.core.netdev_max_backlog=1000\n"));
  EXPECT_THAT(text, HasSubstr("   More    docs/stages/receive-backlog.md\n"));
  EXPECT_THAT(text, HasSubstr("The doctor changed nothing.\n"));
}

TEST(WriteText, SaysOfAHealthyHostWhatWasAndCouldNotBeSeen) {
  const Report report = ReportOf(Host({}));
  EXPECT_FALSE(report.HasLoss());
  const std::string text = WriteText(report);
  EXPECT_THAT(text, HasSubstr("\nNothing wrong: no packet was lost for want of room, memory or "
                              "time.\n\nLooked at: softnet.\nCould not look: nic (timeout).\n"
                              "Cannot be seen here:\n  receive xdp (no_ebpf): Drops of generic"));
  EXPECT_THAT(text, Not(HasSubstr("sysctl -w")));
}

TEST(WriteText, KeepsItsLinesShort) {
  const std::string text = WriteText(ReportOf(Host(kBacklogLoss)));
  std::size_t begin = 0;
  for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', begin)) {
    const std::string line = text.substr(begin, end - begin);
    // A series is one word.
    if (line.find("{cause=") == std::string::npos) {
      EXPECT_LE(line.size(), 100U) << line;
    }
    EXPECT_FALSE(line.ends_with(' ')) << line;
    begin = end + 1;
  }
}

TEST(Report, NamesTheLongestQueues) {
  Report report = ReportOf(Host({}));
  report.longest = {{.is_receive = true,
                     .local = "192.0.2.1:443",
                     .remote = "192.0.2.2:40000",
                     .state = "established",
                     .queued = 20000,
                     .memory = 65536,
                     .limit = 131072},
                    {.is_receive = false,
                     .local = "[::1]:80",
                     .remote = "[::1]:50000",
                     .state = "close_wait",
                     .queued = 5}};
  EXPECT_THAT(WriteText(report),
              HasSubstr("\n\nLongest queues of TCP connections:\n"
                        "  20000 B unread at 192.0.2.1:443 from 192.0.2.2:40000, established, "
                        "buffer 50 % full\n"
                        "  5 B unsent at [::1]:80 to [::1]:50000, close_wait\nLooked at"));
  EXPECT_THAT(WriteJson(report),
              HasSubstr("\"longest_queues\":[{\"queue\":\"receive\",\"local\":\"192.0.2.1:443\","
                        "\"remote\":\"192.0.2.2:40000\",\"state\":\"established\","
                        "\"queued_bytes\":20000,\"memory_bytes\":65536,"
                        "\"memory_limit_bytes\":131072},{\"queue\":\"transmit\","));
}

TEST(WriteJson, HoldsTheWholeReport) {
  Report report = ReportOf(Host(kBacklogLoss));
  report.subject = "a\"b\\c\n\xff";
  const std::string json = WriteJson(report);
  EXPECT_THAT(json, HasSubstr("{\"subject\":\"a\\\"b\\\\c\\u000a\xEF\xBF\xBD\",\"seconds\":10,"
                              "\"loss\":true,\"whole_host\":true,\"findings\":[{\"rule\":"
                              "\"backlog_overflow\",\"harm\":\"loss\",\"path\":\"receive\","
                              "\"stage\":\"backlog\",\"rise\":223,\"rate\":22.3,"));
  EXPECT_THAT(json, HasSubstr("\"change\":[{\"command\":\"sysctl -w "
                              "net.core.netdev_max_backlog=1256\",\"note\":"));
  EXPECT_THAT(json, HasSubstr("\"blind\":[{\"path\":\"receive\",\"stage\":\"xdp\","
                              "\"reason\":\"no_ebpf\",\"says\":\"Drops of generic"));
  EXPECT_THAT(json, HasSubstr("\"failed\":[{\"collector\":\"nic\",\"state\":\"timeout\"}],"
                              "\"longest_queues\":[]}\n"));
}

}  // namespace
}  // namespace netstack
