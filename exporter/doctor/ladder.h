#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/doctor/interval.h"
#include "model/stage.h"

namespace netstack {

// What a stage did between two pages. A number that is not there is not known, which is not 0.
struct Rung {
  struct Rise {
    std::string_view cls;  // Of a drop: loss, error or policy; empty: pressure.
    std::string cause;
    std::string device;  // Empty: of the host.
    double count;
  };
  // How full the fullest member of the stage is.
  struct Fullest {
    std::string resource;
    std::string device;
    double ratio;  // 1 is full.
    std::optional<double> depth;
    std::optional<double> limit;
  };
  // A setting that governs the stage, as the kernel tells it.
  struct Setting {
    std::string name;
    std::string device;
    std::string value;  // "1000", "4096 131072 6291456", "256 of 4096".
  };
  const StageInfo* stage;
  std::optional<double> rate;  // Packets per second, all devices together.
  double lost = 0;             // Packets of class loss.
  std::vector<Rise> drops;     // Those that rose.
  std::vector<Rise> pressure;  // Those that rose.
  std::optional<Fullest> fullest;
  std::vector<Setting> settings;
  bool partly_blind = false;  // Some losses of this stage cannot be seen.
};

// Every stage of both paths in the packet's order.
std::vector<Rung> BuildLadder(const Interval& interval);

}  // namespace netstack
