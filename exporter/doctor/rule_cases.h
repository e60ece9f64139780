#pragma once

#include <string>
#include <vector>

#include "exporter/doctor/testing_pages.h"

namespace netstack::testing {

// What must make a rule speak, and what is near to it and must not.
struct RuleCase {
  std::string rule;
  std::vector<Pair> trigger;  // Beside HealthyHost().
  std::string command;        // The first thing to do; empty: it is no command.
  std::vector<Pair> near;     // Beside the trigger, whose series it may replace.
};

// The pages of a host on which all is well; what cases change is a part of it.
std::vector<Pair> HealthyHost();

std::vector<RuleCase> ReceiveCases();
std::vector<RuleCase> ListenCases();
std::vector<RuleCase> SocketCases();
std::vector<RuleCase> TransmitCases();
std::vector<RuleCase> GeneralCases();

}  // namespace netstack::testing
