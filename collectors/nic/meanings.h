#pragma once

#include <cstdint>
#include <optional>
#include <regex>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "collectors/nic/families.h"
#include "collectors/nic/queue_stats.h"
#include "collectors/nic/stat_rows.h"
#include "kernel/driver_statistics.h"

namespace netstack::nic {

// One number of the page: the sum of the statistics that mean it.
struct Shown {
  FamilyIndex family;
  std::string direction = {};
  std::string queue = {};  // Empty for the device, or for the sum of its queues.
  std::string cause = {};  // Of a raw statistic: its name.
  bool path_only = false;  // Not printed.
  std::uint64_t value = 0;
};

// What a person wants to see of all cards.
struct Choice {
  bool per_queue = false;  // Each queue of a card with many.
  bool extended = false;   // Events by queue, and what the path families have too.
  // Raw statistics, by whole name.
  std::optional<std::regex> raw_include = {};  // Of all drivers, however many.
  std::optional<std::regex> raw_exclude = {};
};

// What the statistics of one card mean, found out when their names change.
class Meanings {
 public:
  // `choice` must outlive the object.
  Meanings(std::string driver, const Choice& choice)
      : driver_(std::move(driver)), choice_(choice) {}

  // Adds up both sources into shown(). `statistics` is the same object at each call. What
  // `queue_stats` say is not taken from `statistics` as well.
  void Update(const DriverStatistics& statistics, std::span<const QueueStat> queue_stats);
  // Of a driver without a table at most so many raw statistics are shown.
  void LimitRaw(std::size_t most) { most_raw_ = most; }
  const std::vector<Shown>& shown() const { return shown_; }

 private:
  static constexpr std::uint32_t kNowhere = UINT32_MAX;
  // A statistic of one queue whose card shows its queues together.
  struct Member {
    std::uint32_t queue = 0;
    std::uint32_t most = kNowhere;  // Positions in shown_.
    std::uint32_t least = kNowhere;
    std::uint64_t value = 0;
  };
  // A statistic that has a meaning, of whichever source.
  struct Known {
    FamilyIndex family;
    Direction direction;
    std::string_view cause;
    std::optional<std::uint32_t> queue;
    bool is_same_kind(const Known& other) const {
      return family == other.family && direction == other.direction && cause == other.cause;
    }
  };
  // Where the number of a statistic goes.
  struct Target {
    std::uint32_t shown = kNowhere;
    std::uint32_t member = kNowhere;
  };

  // A statistic that is looked at: most of a card's are not.
  struct Use {
    std::uint32_t statistic;
    Target target;
  };

  void Learn(const DriverStatistics& statistics, std::span<const QueueStat> queue_stats);
  std::vector<std::optional<Known>> MeaningsOf(const DriverStatistics& statistics);
  void LearnRaw(const DriverStatistics& statistics);
  bool IsShownRaw(const std::string& name, std::size_t shown) const;
  Target TargetOf(const Known& known, bool together);
  std::uint32_t MemberOf(const Known& known);
  std::uint32_t Place(Shown shown);
  void Add(const Target& target, std::uint64_t value);

  const std::string driver_;
  const Choice& choice_;
  std::size_t most_raw_ = 64;
  std::uint64_t generation_ = 0;        // Of the statistics when they were understood.
  std::vector<QueueStat> queue_stats_;  // As they were then.
  std::vector<Use> uses_;
  std::vector<Target> queue_targets_;  // By queue statistic.
  std::vector<std::string> sections_;  // By statistic: "rx 0: ", for drivers with sections.
  std::vector<Shown> shown_;
  std::vector<Member> members_;
  std::unordered_map<std::string, std::uint32_t> places_;  // While learning.
};

}  // namespace netstack::nic
