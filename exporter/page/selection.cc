#include "exporter/page/selection.h"

#include <algorithm>

namespace netstack {
namespace {

Error Invalid(std::string what) {
  return {.kind = ErrorKind::kInvalid, .what = std::move(what)};
}

std::size_t IndexOf(std::span<const CollectorDeclaration* const> collectors,
                    std::string_view name) {
  const auto found = std::find_if(collectors.begin(), collectors.end(),
                                  [&](const auto* one) { return one->name == name; });
  return static_cast<std::size_t>(found - collectors.begin());
}

}  // namespace

Result<Selection> ParseSelection(std::span<const std::string> collect,
                                 std::span<const std::string> exclude,
                                 std::span<const CollectorDeclaration* const> enabled,
                                 std::span<const CollectorDeclaration* const> known) {
  Selection selection;
  if (collect.empty() && exclude.empty()) return selection;
  if (!collect.empty() && !exclude.empty()) {
    return Invalid("Combined collect and exclude queries are not allowed.");
  }
  const bool excluding = collect.empty();
  selection.shown.assign(enabled.size(), excluding);
  selection.path = excluding;
  for (const std::string& name : excluding ? exclude : collect) {
    if (name == kPathSelection) {
      selection.path = !excluding;
      continue;
    }
    const std::size_t index = IndexOf(enabled, name);
    if (index == enabled.size()) {
      const bool exists = IndexOf(known, name) < known.size();
      return Invalid((exists ? "disabled collector: " : "missing collector: ") + name);
    }
    selection.shown[index] = !excluding;
  }
  return selection;
}

}  // namespace netstack
