#include "exporter/path/rows.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "collectors/catalog.h"
#include "exporter/path/families.h"

namespace netstack {
namespace {

std::vector<CountRow> AllRows() {
  std::vector<CountRow> rows(ReceiveRows().begin(), ReceiveRows().end());
  rows.insert(rows.end(), TransmitRows().begin(), TransmitRows().end());
  return rows;
}

std::map<std::string_view, const Family*> Declared() {
  std::map<std::string_view, const Family*> out;
  for (const CollectorDeclaration* collector : Catalog()) {
    for (const Family& family : collector->families) out[family.name] = &family;
  }
  return out;
}

std::vector<Term> Used(const Terms& terms) {
  std::vector<Term> out;
  for (const Term& term : terms) {
    if (term.family.empty()) continue;
    out.push_back(term);
    if (term.otherwise == nullptr) continue;
    for (const Term& other : term.otherwise->terms) {
      if (!other.family.empty()) out.push_back(other);
    }
  }
  return out;
}

std::string Key(const CountRow& row) {
  return std::string(Slug(row.path)) + "/" + std::string(Slug(row.stage)) + "/" +
         std::string(row.cause);
}

TEST(LedgerRows, ReadOnlyCountersThatACollectorDeclares) {
  const auto declared = Declared();
  for (const CountRow& row : AllRows()) {
    for (const Terms& terms : {row.plus, row.minus, row.back, Terms{row.where}}) {
      for (const Term& term : Used(terms)) {
        ASSERT_TRUE(declared.contains(term.family)) << term.family;
        EXPECT_EQ(declared.at(term.family)->type, MetricType::kCounter) << term.family;
      }
    }
    EXPECT_FALSE(Used(row.plus).empty()) << Key(row);
  }
}

TEST(LedgerRows, ReadOnlyGaugesAsDepthAndLimit) {
  const auto declared = Declared();
  for (const SaturationRow& row : SaturationRows()) {
    EXPECT_TRUE(IsOnPath(row.path, row.stage)) << row.resource;
    if (!row.limit.family.empty()) {
      EXPECT_TRUE(declared.contains(row.limit.family)) << row.limit.family;
    }
    for (const Term& term : Used(row.depth)) {
      ASSERT_TRUE(declared.contains(term.family)) << term.family;
      EXPECT_EQ(declared.at(term.family)->type, MetricType::kGauge) << term.family;
    }
  }
}

TEST(LedgerRows, ReadOnlyHistogramsAsWaits) {
  const auto declared = Declared();
  for (const WaitRow& row : WaitRows()) {
    EXPECT_TRUE(IsOnPath(row.path, row.stage)) << row.histogram.family;
    ASSERT_TRUE(declared.contains(row.histogram.family)) << row.histogram.family;
    EXPECT_EQ(declared.at(row.histogram.family)->type, MetricType::kHistogram);
    EXPECT_TRUE(row.histogram.family.ends_with("_seconds"));
  }
}

TEST(LedgerRows, LetNoCounterFeedTwoDrops) {
  struct Feeding {
    Term term;
    CountRow row;
  };
  std::vector<Feeding> fed;
  // Two parts of a family, told apart by the same label, are two counters.
  const auto differ = [](const Term& a, const Term& b) {
    return (!a.label.empty() && a.label == b.label && a.value != b.value) ||
           (!a.second_label.empty() && a.second_label == b.second_label &&
            a.second_value != b.second_value);
  };
  const auto overlap = [&](const Term& a, const Term& b) {
    return a.family == b.family && !differ(a, b);
  };
  // No device has both.
  const auto exclude_each_other = [](const CountRow& a, const CountRow& b) {
    return !a.where.family.empty() && a.where.family == b.where.family &&
           a.where.value == b.where.value && a.is_where_absent != b.is_where_absent;
  };
  for (const CountRow& row : AllRows()) {
    if (row.kind != Kind::kDrop) continue;
    for (const Term& term : Used(row.plus)) {
      for (const Feeding& other : fed) {
        EXPECT_FALSE(overlap(term, other.term) && !exclude_each_other(row, other.row))
            << term.family << " " << term.value << " feeds " << Key(row) << " and "
            << Key(other.row);
      }
      fed.push_back({.term = term, .row = row});
    }
  }
}

// STAGES.md sections 1.3 and 2.3: what only repeats other counters.
TEST(LedgerRows, NeverCountAnAggregateWhole) {
  const std::set<std::string_view> aggregates = {
      "netstack_tcp_ext_listen_drops_total", "netstack_udp_in_errors_total",
      "netstack_tcp_in_errs_total",          "netstack_link_receive_errors_total",
      "netstack_link_transmit_errors_total", "netstack_ip_in_hdr_errors_total",
      "netstack_ip_reasm_fails_total",       "netstack_softnet_dropped_total"};
  const std::set<std::string_view> consequences = {
      "netstack_udp_sndbuf_errors_total", "netstack_ip_out_discards_total",
      "netstack_tcp_ext_rcv_pruned_total", "netstack_link_receive_dropped_total"};
  std::set<std::string_view> split;
  for (const CountRow& row : AllRows()) {
    if (row.kind != Kind::kDrop) continue;
    for (const Term& term : Used(row.plus)) {
      // rx_dropped repeats the backlog's drops, but not of devices that never use it, and less of
      // what reasons tell.
      const bool is_rest = row.per == Per::kNeverInBacklog ||
                           (!row.where.family.empty() && !Used(row.minus).empty());
      EXPECT_TRUE(!consequences.contains(term.family) || is_rest)
          << term.family << " in " << Key(row);
      if (!aggregates.contains(term.family)) continue;
      EXPECT_FALSE(Used(row.minus).empty()) << term.family << " is counted whole in " << Key(row);
      split.insert(term.family);
    }
  }
  EXPECT_EQ(split, aggregates) << "each has a row of its rest";
}

TEST(LedgerRows, AreOnThePathAndSayWhatHappened) {
  std::set<std::string> keys;
  for (const CountRow& row : AllRows()) {
    EXPECT_TRUE(IsOnPath(row.path, row.stage)) << Key(row);
    EXPECT_EQ(row.cls != Class::kNone, row.kind == Kind::kDrop) << Key(row);
    EXPECT_EQ(row.cause.empty(), row.kind == Kind::kFlow) << Key(row);
    EXPECT_TRUE(row.says.ends_with(".")) << Key(row);
    const std::string kind = std::to_string(static_cast<int>(row.kind));
    EXPECT_TRUE(keys.insert(Key(row) + kind + (row.is_where_absent ? " instead" : "")).second)
        << Key(row) << " stands twice";
  }
  for (const BlindRow& row : BlindRows()) EXPECT_TRUE(IsOnPath(row.path, row.stage)) << row.says;
}

// Every stage either loses something, or passes something, or says that it is blind.
TEST(LedgerRows, LeaveFewStagesWithoutAWord) {
  std::set<std::string> spoken;
  for (const CountRow& row : AllRows()) {
    spoken.insert(std::string(Slug(row.path)) + "/" + std::string(Slug(row.stage)));
  }
  for (const BlindRow& row : BlindRows()) {
    spoken.insert(std::string(Slug(row.path)) + "/" + std::string(Slug(row.stage)));
  }
  std::set<std::string> silent;
  for (const StageInfo& info : AllStages()) {
    const std::string key = std::string(Slug(info.path)) + "/" + std::string(Slug(info.stage));
    if (!spoken.contains(key)) silent.insert(key);
  }
  // Interrupts and completions delay packets and never lose one.
  EXPECT_EQ(silent, (std::set<std::string>{"receive/irq", "transmit/completion"}));
}

}  // namespace
}  // namespace netstack
