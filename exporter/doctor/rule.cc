#include "exporter/doctor/rule.h"

#include <vector>

namespace netstack {

std::string_view Slug(Harm harm) {
  switch (harm) {
    case Harm::kLoss:
      return "loss";
    case Harm::kError:
      return "error";
    case Harm::kPressure:
      break;
  }
  return "pressure";
}

bool Condition::Holds(const Facts& facts) const {
  if (op == Op::kAlways) return true;
  if (op == Op::kUnknown || op == Op::kKnown) return facts.Knows(fact) == (op == Op::kKnown);
  if (op == Op::kIsWord) return facts.Knows(fact) && facts.Text(fact) == other;
  if (op == Op::kIsNotWord) return facts.Knows(fact) && facts.Text(fact) != other;
  const std::optional<double> left = facts.Number(fact);
  const std::optional<double> right = other.empty() ? number : facts.Number(other);
  if (!left || !right) return false;
  switch (op) {
    case Op::kEquals:
      return *left == *right;
    case Op::kAbove:
    case Op::kAboveFact:
      return *left > *right;
    case Op::kBelow:
    case Op::kBelowFact:
      return *left < *right;
    case Op::kAtLeast:
    case Op::kAtLeastFact:
      return *left >= *right;
    default:
      return false;
  }
}

std::vector<const Rule*> Rules() {
  std::vector<const Rule*> rules;
  for (const auto table : {DeviceReceiveRules(), StackReceiveRules(), ListenRules(), TcpRules(),
                           DatagramRules(), QdiscRules(), TransmitRules(), GeneralRules()}) {
    for (const Rule& rule : table) rules.push_back(&rule);
  }
  return rules;
}

}  // namespace netstack
