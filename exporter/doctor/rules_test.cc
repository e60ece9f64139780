// Every rule speaks where it must and is silent where it must not; and its row is sound.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

#include "collectors/catalog.h"
#include "exporter/doctor/finding.h"
#include "exporter/doctor/rule_cases.h"
#include "exporter/path/families.h"
#include "exporter/path/rows.h"

namespace netstack {
namespace {

using testing::HealthyHost;
using testing::PagePair;
using testing::Pair;
using testing::RuleCase;

std::vector<RuleCase> AllCases() {
  std::vector<RuleCase> cases;
  for (const auto& some : {testing::ReceiveCases(), testing::ListenCases(), testing::SocketCases(),
                           testing::TransmitCases(), testing::GeneralCases()}) {
    cases.insert(cases.end(), some.begin(), some.end());
  }
  return cases;
}

std::vector<Finding> FindingsOf(std::vector<Pair> pairs, const std::vector<Pair>& more) {
  pairs.insert(pairs.end(), more.begin(), more.end());
  return Diagnose(PagePair(pairs).Apart(10));
}

std::vector<Pair> HostWith(const std::vector<Pair>& more) {
  std::vector<Pair> pairs = HealthyHost();
  pairs.insert(pairs.end(), more.begin(), more.end());
  return pairs;
}

const Finding* Find(const std::vector<Finding>& findings, std::string_view rule) {
  const auto found = std::find_if(findings.begin(), findings.end(),
                                  [&](const Finding& finding) { return finding.rule == rule; });
  return found == findings.end() ? nullptr : &*found;
}

std::string AllTexts(const Finding& finding) {
  std::string all = finding.title + "\n" + finding.cause + "\n" + finding.cost + "\n" +
                    finding.verify + "\n" + finding.undo + "\n";
  for (const std::string& text : finding.evidence) all += text + "\n";
  for (const std::string& text : finding.checked) all += text + "\n";
  for (const Finding::Action& action : finding.change) all += action.command + action.note + "\n";
  return all;
}

TEST(Rules, SpeakFirstWhereTheyMust) {
  for (const RuleCase& one : AllCases()) {
    SCOPED_TRACE(one.rule);
    const auto findings = FindingsOf(HostWith(one.trigger), {});
    ASSERT_FALSE(findings.empty());
    EXPECT_EQ(findings.front().rule, one.rule);
    ASSERT_FALSE(findings.front().change.empty() && one.rule != "qdisc_unknown_limit");
    if (!findings.front().change.empty()) {
      EXPECT_EQ(findings.front().change.front().command, one.command);
    }
    EXPECT_EQ(AllTexts(findings.front()).find('?'), std::string::npos)
        << AllTexts(findings.front());
    EXPECT_FALSE(findings.front().verify.empty());
  }
}

TEST(Rules, AreSilentWhereItIsOnlyNear) {
  for (const RuleCase& one : AllCases()) {
    SCOPED_TRACE(one.rule);
    EXPECT_EQ(Find(FindingsOf(HostWith(one.trigger), one.near), one.rule), nullptr);
  }
}

TEST(Rules, SuggestNoLargerRingForWhatThePortLost) {
  const auto first = [](std::string_view driver, double of_port) {
    return FindingsOf(
               HealthyHost(),
               {{testing::Loss("receive", "ring", "ring_overrun", "eth0"), 0, 50},
                {"netstack_queue_ring_overruns_total{device=\"eth0\",queue=\"\"}", 0, of_port},
                testing::Still("netstack_link_info{device=\"eth0\",kind=\"\",driver=\"" +
                                   std::string(driver) + "\"}",
                               1)})
        .at(0);
  };
  for (const std::string_view driver : {"i40e", "ice", "bnx2x", "qede", "mlx5_core"}) {
    const Finding finding = first(driver, 50);
    EXPECT_EQ(finding.rule, "port_buffer_full") << driver;
    for (const Finding::Action& action : finding.change) {
      EXPECT_EQ(action.command.find("ethtool -G"), std::string::npos);
    }
  }
  EXPECT_EQ(first("vmxnet3", 50).rule, "ring_too_small") << "its rings overran";
  const Finding mixed = first("i40e", 20);
  EXPECT_EQ(mixed.rule, "ring_too_small");
  EXPECT_NE(AllTexts(mixed).find("20 of them were lost in the buffer of the port"),
            std::string::npos);
}

TEST(Rules, FindNothingOnAHealthyHost) {
  EXPECT_TRUE(FindingsOf(HealthyHost(), {}).empty());
}

TEST(Rules, HaveACaseEach) {
  std::set<std::string> ids;
  for (const Rule* rule : Rules()) {
    EXPECT_TRUE(ids.insert(std::string(rule->id)).second) << rule->id << " is there twice";
  }
  std::set<std::string> tried;
  for (const RuleCase& one : AllCases()) tried.insert(one.rule);
  EXPECT_EQ(ids, tried);
}

TEST(Rules, AreAllInTheDocument) {
  std::ifstream file(NETSTACK_SOURCE_DIR "/docs/doctor.md");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  for (const Rule* rule : Rules()) {
    EXPECT_NE(text.find("`" + std::string(rule->id) + "`"), std::string::npos) << rule->id;
  }
}

TEST(Rules, ExplainEveryLossOfTheLedger) {
  for (const auto& rows : {ReceiveRows(), TransmitRows()}) {
    for (const CountRow& row : rows) {
      if (row.kind != Kind::kDrop || row.cls != Class::kLoss) continue;
      const std::string series = testing::Loss(Slug(row.path), Slug(row.stage), row.cause,
                                               row.per == Per::kHost ? "" : "eth0");
      const auto findings = FindingsOf(HealthyHost(), {{series, 0, 50}});
      ASSERT_FALSE(findings.empty()) << series;
      EXPECT_NE(findings.front().rule, "other_loss") << series;
    }
  }
}

// The family and its labels are declared somewhere.
bool IsDeclared(const Selector& selector) {
  std::vector<const Family*> families;
  for (const CollectorDeclaration* collector : Catalog()) {
    for (const Family& family : collector->families) families.push_back(&family);
  }
  for (const Family& family : kPathFamilies) families.push_back(&family);
  return std::any_of(families.begin(), families.end(), [&](const Family* family) {
    return family->name == selector.name &&
           std::all_of(selector.labels.begin(), selector.labels.end(), [&](const auto& match) {
             return match.label.empty() || std::find(family->labels.begin(), family->labels.end(),
                                                     match.label) != family->labels.end();
           });
  });
}

TEST(Rules, AskOnlyForWhatIsDeclared) {
  for (const Rule* rule : Rules()) {
    EXPECT_TRUE(IsDeclared(rule->evidence)) << rule->id << ": " << rule->evidence.name;
    for (const FactRow& row : rule->facts) {
      EXPECT_TRUE(IsDeclared(row.of)) << rule->id << " " << row.name << ": " << row.of.name;
    }
  }
}

TEST(Diagnose, PutsTheMostHarmfulFirst) {
  const auto findings = FindingsOf(
      HealthyHost(),
      {{testing::Pressure("receive", "tcp", "prune"), 0, 1e6},
       {testing::Loss("receive", "tcp", "memory_reserve"), 0, 100},
       {testing::Loss("receive", "listen", "accept_queue_full"), 0, 10},
       {testing::Loss("receive", "backlog", "backlog_full"), 0, 300},
       {"netstack_path_drops_total{path=\"receive\",stage=\"wire\",class=\"error\",cause=\"crc\","
        "device=\"eth0\"}",
        0, 1e6}});
  std::vector<std::string> order;
  for (const Finding& finding : findings) order.push_back(finding.rule);
  // A lost connection weighs more than a packet.
  EXPECT_THAT(order, ::testing::ElementsAre("accept_queue_unknown_listener", "backlog_overflow",
                                            "tcp_memory_reserve", "damaged_frames", "tcp_prune"));
}

TEST(Diagnose, SaysWhatWasBetweenTheSamplesWhereItIsSeen) {
  const std::vector<Pair> pruned = {
      {testing::Pressure("receive", "tcp", "prune"), 0, 5},
      testing::Still("netstack_path_saturation_peak_ratio{path=\"receive\",stage=\"tcp\","
                     "resource=\"receive_buffer\"}",
                     1.25),
      testing::Still("netstack_socket_unread_peak_bytes{socket_group=\"in:80\"}", 4000),
      testing::Still("netstack_socket_unread_peak_bytes{socket_group=\"in:443\"}", 6500),
      testing::Still("netstack_peak_look_back_seconds", 75)};
  const auto findings = FindingsOf(HealthyHost(), pruned);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings.front().evidence.back(),
            "Between samples the fullest receive buffer was at 1.25 of its limit, and up to 6500 "
            "bytes of one connection waited to be read: peaks of the last 75 s (eBPF).");
  const auto without = FindingsOf(HealthyHost(), {pruned.front()});
  ASSERT_EQ(without.size(), 1U);
  EXPECT_EQ(AllTexts(without.front()).find("Between samples"), std::string::npos);
}

TEST(Diagnose, WritesAFindingInFull) {
  const auto findings =
      FindingsOf(HealthyHost(), {{testing::Loss("receive", "backlog", "backlog_full"), 100, 323},
                                 {"netstack_softnet_dropped_total{cpu=\"1\"}", 0, 223}});
  ASSERT_EQ(findings.size(), 1U);
  const Finding& finding = findings.front();
  EXPECT_EQ(finding.title, "223 packets lost because the backlog of a CPU was full");
  EXPECT_EQ(
      finding.evidence,
      (std::vector<std::string>{
          "netstack_path_drops_total{cause=\"backlog_full\",class=\"loss\",path=\"receive\","
          "stage=\"backlog\"} rose by 223 in 10 s (22.3/s).",
          "Counted by netstack_softnet_dropped_total: /proc/net/softnet_stat column 2, 32 bits; "
          "contains column 11.",
          "CPU 1 lost 223 of them; 1 of 2 CPUs lost any."}));
  EXPECT_EQ(finding.checked.front(),
            "time_squeeze did not rise: the softirq was not cut short, so netdev_budget and "
            "netdev_budget_usecs are not the cause.");
  EXPECT_EQ(finding.change.size(), 1U);
  EXPECT_EQ(finding.undo, "sysctl -w net.core.netdev_max_backlog=1000");
  EXPECT_EQ(finding.page, "docs/stages/receive-backlog.md");
  EXPECT_EQ(finding.rate, 22.3);
}

}  // namespace
}  // namespace netstack
