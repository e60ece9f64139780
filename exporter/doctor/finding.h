#pragma once

#include <string>
#include <vector>

#include "exporter/doctor/interval.h"
#include "exporter/doctor/rule.h"

namespace netstack {

// Where the pages of the stages are, from the top of the source; findings name them.
inline constexpr std::string_view kStagePages = "docs/stages/";

// What the doctor says about one loss, error or pressure. All texts are complete sentences or
// commands, ready to be shown.
struct Finding {
  struct Action {
    std::string command;  // To be pasted into a root shell; may be empty.
    std::string note;     // May be empty if there is a command.
    bool operator==(const Action&) const = default;
  };
  std::string rule;
  Harm harm = Harm::kLoss;
  std::string path;
  std::string stage;
  std::string device;  // Empty: not of one device.
  double weight = 0;
  double rise = 0;  // Packets or events within the interval; 0 for a level.
  double rate = 0;  // Per second.
  std::string title;
  std::vector<std::string> evidence;
  std::string cause;
  std::vector<std::string> checked;
  std::vector<Action> change;
  std::string cost;
  std::string verify;
  std::string undo;
  std::string page;  // The page of the stage.
};

// Everything that the rules find between two pages, the most harmful first: losses by packets and
// what each counts, then errors, then pressure. Changes nothing and remembers nothing.
std::vector<Finding> Diagnose(const Interval& interval);

}  // namespace netstack
