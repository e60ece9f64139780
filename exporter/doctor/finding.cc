#include "exporter/doctor/finding.h"

#include <algorithm>
#include <limits>
#include <set>
#include <tuple>
#include <utility>

#include "collectors/catalog.h"
#include "exporter/path/rows.h"

namespace netstack {
namespace {

constexpr std::array<std::string_view, 6> kBound = {"path",  "stage",    "cause",
                                                    "class", "resource", "device"};

std::string Described(const Selector& selector, const PageSeries& series) {
  std::string text(selector.name);
  text += '{';
  for (const PageLabel& label : series.labels) {
    if (text.back() != '{') text += ',';
    text += label.name + "=\"" + label.value + '"';
  }
  return text + '}';
}

double Sum(const std::vector<Change>& changes, double Change::*member) {
  double sum = 0;
  for (const Change& change : changes) sum += change.*member;
  return sum;
}

const Change& Most(const std::vector<Change>& changes, double Change::*member) {
  return *std::max_element(changes.begin(), changes.end(),
                           [&](const Change& a, const Change& b) { return a.*member < b.*member; });
}

double MostBefore(const std::vector<Change>& changes) {
  double most = -std::numeric_limits<double>::infinity();
  for (const Change& change : changes) most = std::max(most, change.before.value_or(most));
  return most;
}

void SetFact(const FactRow& row, const Interval& interval, Facts& facts) {
  const std::vector<Change> changes = interval.Find(row.of, facts);
  if (changes.empty()) return;
  switch (row.measure) {
    case Measure::kRise:
      return facts.Set(row.name, Sum(changes, &Change::rise));
    case Measure::kWorstRise:
      return facts.Set(row.name, Most(changes, &Change::rise).rise);
    case Measure::kRisen:
      return facts.Set(row.name, static_cast<double>(std::count_if(
                                     changes.begin(), changes.end(),
                                     [](const Change& change) { return change.rise > 0; })));
    case Measure::kWorstMember: {
      const Change& worst = Most(changes, &Change::rise);
      if (worst.rise > 0) facts.Set(row.name, worst.series->Label(row.label));
      return;
    }
    case Measure::kNow:
      return facts.Set(row.name, Sum(changes, &Change::now));
    case Measure::kMost:
      return facts.Set(row.name, Most(changes, &Change::now).now);
    case Measure::kLeastMost:
      return facts.Set(row.name, std::min(Most(changes, &Change::now).now, MostBefore(changes)));
    case Measure::kCount:
      return facts.Set(row.name, static_cast<double>(changes.size()));
    case Measure::kWord:
      return facts.Set(row.name, changes.front().series->Label(row.label));
  }
}

bool IsLedgerRowOf(const CountRow& row, const Facts& facts) {
  return Slug(row.path) == facts.Text("path") && Slug(row.stage) == facts.Text("stage") &&
         !row.cause.empty() && row.cause == facts.Text("cause") &&
         (row.kind == Kind::kDrop) == !facts.Text("class").empty();
}

std::string_view SourceOf(std::string_view family_name) {
  for (const CollectorDeclaration* collector : Catalog()) {
    for (const Family& family : collector->families) {
      if (family.name == family_name) return family.source;
    }
  }
  return {};
}

void AddSource(std::string_view family, const Interval& interval,
               std::vector<std::string>& evidence) {
  if (interval.second().Find(family).empty()) return;
  evidence.push_back("Counted by " + std::string(family) + ": " + std::string(SourceOf(family)) +
                     ".");
}

// Which counters of the kernel the ledger's number is made of.
void AddSources(const Interval& interval, const Facts& facts, std::vector<std::string>& evidence) {
  for (const auto& rows : {ReceiveRows(), TransmitRows()}) {
    for (const CountRow& row : rows) {
      if (!IsLedgerRowOf(row, facts)) continue;
      for (const Term& term : row.plus) {
        if (term.family.empty()) continue;
        AddSource(term.family, interval, evidence);
        // The terms of another source are all of one family.
        if (term.otherwise != nullptr) {
          AddSource(term.otherwise->terms.front().family, interval, evidence);
        }
      }
    }
  }
}

// What the evidence tells about itself.
Facts FactsOf(const Rule& rule, const Change& change, const Interval& interval) {
  Facts facts;
  for (const std::string_view name : kBound) facts.Set(name, change.series->Label(name));
  facts.Set("seconds", interval.seconds());
  facts.Set("rise", rule.level ? 0 : change.rise);
  facts.Set("rate", rule.level ? 0 : change.rise / interval.seconds());
  facts.Set("percent", 100 * change.now);
  return facts;
}

Finding Write(const Rule& rule, const Change& change, const Interval& interval,
              const Facts& facts) {
  Finding finding = {.rule = std::string(rule.id),
                     .harm = rule.harm,
                     .path = std::string(facts.Text("path")),
                     .stage = std::string(facts.Text("stage")),
                     .device = std::string(facts.Text("device")),
                     .weight = rule.weight,
                     .rise = rule.level ? 0 : change.rise,
                     .rate = rule.level ? 0 : change.rise / interval.seconds(),
                     .title = facts.FillIn(rule.title),
                     .evidence = {},
                     .cause = facts.FillIn(rule.cause),
                     .checked = {},
                     .change = {},
                     .cost = facts.FillIn(rule.cost),
                     .verify = facts.FillIn(rule.verify),
                     .undo = facts.FillIn(rule.undo),
                     .page = {}};
  finding.evidence.push_back(Described(rule.evidence, *change.series) +
                             facts.FillIn(rule.level
                                              ? " is at {percent} % of its limit."
                                              : " rose by {rise} in {seconds} s ({rate}/s)."));
  AddSources(interval, facts, finding.evidence);
  for (const Remark& remark : rule.also) {
    if (!remark.text.empty() && remark.when.Holds(facts)) {
      finding.evidence.push_back(facts.FillIn(remark.text));
    }
  }
  for (const Remark& remark : rule.checked) {
    if (!remark.text.empty() && remark.when.Holds(facts)) {
      finding.checked.push_back(facts.FillIn(remark.text));
    }
  }
  for (const Step& step : rule.change) {
    if ((step.command.empty() && step.note.empty()) || !step.when.Holds(facts)) continue;
    finding.change.push_back(
        {.command = facts.FillIn(step.command), .note = facts.FillIn(step.note)});
  }
  finding.page =
      std::string(kStagePages) + std::string(facts.Text("path")) + "-" + finding.stage + ".md";
  return finding;
}

bool IsWorse(const Finding& a, const Finding& b) {
  const auto key = [](const Finding& finding) {
    // A level has no number of packets: its weight alone ranks it.
    const bool loss = finding.harm == Harm::kLoss;
    return std::tuple(finding.harm, loss ? -finding.weight * finding.rise : -finding.weight,
                      -finding.rise);
  };
  return key(a) < key(b);
}

}  // namespace

std::vector<Finding> Diagnose(const Interval& interval) {
  std::vector<Finding> findings;
  std::set<const PageSeries*> explained;
  for (const Rule* rule : Rules()) {
    for (const Change& change : interval.Find(rule->evidence)) {
      if (explained.contains(change.series)) continue;
      if ((rule->level ? change.now : change.rise) < rule->at_least) continue;
      Facts facts = FactsOf(*rule, change, interval);
      for (const FactRow& row : rule->facts) SetFact(row, interval, facts);
      for (const Compute compute : rule->compute) {
        if (compute != nullptr) compute(facts);
      }
      const bool holds = std::all_of(rule->when.begin(), rule->when.end(),
                                     [&](const Condition& when) { return when.Holds(facts); });
      if (!holds) continue;
      explained.insert(change.series);
      findings.push_back(Write(*rule, change, interval, facts));
    }
  }
  std::stable_sort(findings.begin(), findings.end(), IsWorse);
  return findings;
}

}  // namespace netstack
