#include "exporter/run/bpf_programs.h"

#include <array>
#include <map>
#include <string>

namespace netstack {

bool IsOn(std::string_view collector, const Config& config) {
  const auto found = config.collectors.find(collector);
  return found != config.collectors.end() && found->second.enabled;
}

namespace {

// A collector with another source as well has the option `source`.
bool WantsPrograms(std::string_view collector, std::string_view option, const Config& config) {
  if (!IsOn(collector, config)) return false;
  const OptionValues& options = config.collectors.find(collector)->second.options;
  if (option == "tier") return options.Text(option) == "extended";
  if (!option.empty()) return options.Bool(option);
  return FindOption(options.specs(), "source") == nullptr || options.Text("source") == "ebpf";
}

bool IsRefusal(ProgramState state) {
  return state == ProgramState::kVerifier || state == ProgramState::kLockdown ||
         state == ProgramState::kNotAttached;
}

}  // namespace

void UsePrograms(const Config& config, BpfHost& host) {
  host.Use([&](std::string_view collector, std::string_view option) {
    return WantsPrograms(collector, option, config);
  });
}

void LogPrograms(BpfHost& host, const Logger& logger) {
  std::map<std::string_view, std::string> by_state;
  for (const ProgramStatus& program : host.Programs()) {
    std::string& names = by_state[Slug(program.state)];
    names += (names.empty() ? "" : ",") + std::string(program.name);
    const auto log = [&](LogLevel level, std::string_view message) {
      const std::array<LogField, 4> fields = {{{"collector", program.collector},
                                               {"program", program.name},
                                               {"state", Slug(program.state)},
                                               {"err", program.detail}}};
      logger.Log(level, message, fields);
    };
    if (IsRefusal(program.state)) {
      log(LogLevel::kWarn, "The kernel refuses an eBPF program");
    } else if (program.state == ProgramState::kOk && !program.detail.empty()) {
      log(LogLevel::kInfo, "An eBPF program does less than it could");
    }
  }
  for (const auto& [state, names] : by_state) {
    logger.Info("eBPF programs",
                {{"state", state}, {"programs", names}, {"built_with", DescribeBpf()}});
  }
}

}  // namespace netstack
