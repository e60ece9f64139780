#include "collectors/nic/meanings.h"

#include <algorithm>

#include "collectors/device_label.h"
#include "kernel/text.h"

namespace netstack::nic {
namespace {

// Of a card with more, each queue is shown on request only.
constexpr std::uint32_t kMostQueuesShown = 16;

template <class Known>
std::uint32_t QueuesIn(const std::vector<std::optional<Known>>& all) {
  std::uint32_t queues = 0;
  for (const auto& known : all) {
    if (known && known->queue) queues = std::max(queues, *known->queue + 1);
  }
  return queues;
}

}  // namespace

void Meanings::Update(const DriverStatistics& statistics, std::span<const QueueStat> queue_stats) {
  const bool is_as_before =
      generation_ == statistics.generation &&
      std::ranges::equal(queue_stats, queue_stats_,
                         [](const QueueStat& a, const QueueStat& b) { return a.IsSameAs(b); });
  if (!is_as_before) Learn(statistics, queue_stats);
  for (Shown& shown : shown_) shown.value = shown.family == kLeastPackets ? UINT64_MAX : 0;
  for (Member& member : members_) member.value = 0;
  for (std::size_t i = 0; i < queue_stats.size(); ++i) Add(queue_targets_[i], queue_stats[i].value);
  for (const Use& use : uses_) Add(use.target, statistics.values[use.statistic]);
  for (const Member& member : members_) {
    std::uint64_t& most = shown_[member.most].value;
    most = std::max(most, member.value);
    if (member.least == kNowhere) continue;
    std::uint64_t& least = shown_[member.least].value;
    least = std::min(least, member.value);
  }
}

void Meanings::Add(const Target& target, std::uint64_t value) {
  if (target.shown != kNowhere) shown_[target.shown].value += value;
  if (target.member != kNowhere) members_[target.member].value += value;
}

void Meanings::Learn(const DriverStatistics& statistics, std::span<const QueueStat> queue_stats) {
  generation_ = statistics.generation;
  queue_stats_.assign(queue_stats.begin(), queue_stats.end());
  shown_.clear();
  members_.clear();
  places_.clear();
  uses_.clear();
  sections_.assign(statistics.names.size(), {});
  std::vector<std::optional<Known>> first(queue_stats.size());
  for (std::size_t i = 0; i < first.size(); ++i) {
    const QueueStatRow* const row = FindQueueStatRow(queue_stats[i].attribute, driver_);
    if (row == nullptr) continue;
    first[i] = Known{.family = row->family,
                     .direction = row->direction,
                     .cause = row->cause,
                     .queue = queue_stats[i].queue};
  }
  std::vector<std::optional<Known>> second = MeaningsOf(statistics);
  for (std::optional<Known>& known : second) {
    const auto repeats = [&](const auto& other) { return other && other->is_same_kind(*known); };
    if (known && std::ranges::any_of(first, repeats)) known.reset();
  }
  const bool together =
      std::max(QueuesIn(first), QueuesIn(second)) > kMostQueuesShown && !choice_.per_queue;
  queue_targets_.assign(first.size(), {});
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (first[i]) queue_targets_[i] = TargetOf(*first[i], together);
  }
  for (std::uint32_t i = 0; i < second.size(); ++i) {
    if (!second[i]) continue;
    const Target target = TargetOf(*second[i], together);
    if (target.shown != kNowhere) uses_.push_back({.statistic = i, .target = target});
  }
  LearnRaw(statistics);
  places_.clear();
}

std::vector<std::optional<Meanings::Known>> Meanings::MeaningsOf(
    const DriverStatistics& statistics) {
  std::vector<std::optional<Known>> all(statistics.names.size());
  std::optional<Direction> section;
  std::uint32_t section_queue = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string_view name = Trimmed(statistics.names[i]);
    if (const auto begun = SectionOf(driver_, name)) {
      section = begun;
      section_queue =
          static_cast<std::uint32_t>(std::min<std::uint64_t>(statistics.values[i], UINT16_MAX));
      continue;
    }
    std::optional<StatMeaning> meaning;
    if (section) {
      const std::string prefix = *section == Direction::kReceive ? "rx" : "tx";
      meaning = MeaningOf(driver_, prefix + ":" + std::string(name));
      if (meaning) meaning->queue = section_queue;
      sections_[i] = prefix + " " + std::to_string(section_queue) + ": ";
    }
    if (!meaning) meaning = MeaningOf(driver_, name);
    if (!meaning) continue;
    all[i] = Known{.family = meaning->row->family,
                   .direction = meaning->row->direction,
                   .cause = meaning->row->cause,
                   .queue = meaning->queue};
  }
  return all;
}

void Meanings::LearnRaw(const DriverStatistics& statistics) {
  std::size_t count = 0;
  std::unordered_map<std::string, unsigned> seen;
  for (std::uint32_t i = 0; i < statistics.names.size(); ++i) {
    const std::string name(Trimmed(statistics.names[i]));
    if (!IsShownRaw(name, count)) continue;
    // The same name again is another queue's.
    std::string label = sections_[i] + name;
    const unsigned times = ++seen[label];
    if (times > 1) label += " #" + std::to_string(times);
    uses_.push_back({.statistic = i,
                     .target = {.shown = Place({.family = kRaw, .cause = DeviceLabel(label)})}});
    ++count;
  }
}

bool Meanings::IsShownRaw(const std::string& name, std::size_t shown) const {
  if (choice_.raw_exclude && std::regex_match(name, *choice_.raw_exclude)) return false;
  if (choice_.raw_include && std::regex_match(name, *choice_.raw_include)) return true;
  return !IsKnownDriver(driver_) && shown < most_raw_ && LooksLikeTrouble(name);
}

Meanings::Target Meanings::TargetOf(const Known& known, bool together) {
  const Worth worth = choice_.extended ? Worth::kShown : WorthOf(known.family, known.cause);
  Target target;
  if (worth == Worth::kDetail) return target;
  const bool has_queue = known.queue && !together && (choice_.extended || known.family != kEvents);
  target.shown = Place({.family = known.family,
                        .direction = std::string(Slug(known.direction)),
                        .queue = has_queue ? std::to_string(*known.queue) : "",
                        .cause = std::string(known.cause),
                        .path_only = worth == Worth::kPathOnly});
  if (known.queue && together) target.member = MemberOf(known);
  return target;
}

// Packets and drops of single queues are followed for the extremes.
std::uint32_t Meanings::MemberOf(const Known& known) {
  if (known.family != kPackets && known.family != kDrops) return kNowhere;
  Member member = {.queue = *known.queue};
  const std::string direction(Slug(known.direction));
  if (known.family == kPackets) {
    member.most = Place({.family = kMostPackets, .direction = direction});
    member.least = Place({.family = kLeastPackets, .direction = direction});
  } else {
    member.most =
        Place({.family = kMostDrops, .direction = direction, .cause = std::string(known.cause)});
  }
  const auto same = std::ranges::find_if(members_, [&](const Member& other) {
    return other.queue == member.queue && other.most == member.most;
  });
  const auto position = static_cast<std::uint32_t>(same - members_.begin());
  if (same == members_.end()) members_.push_back(member);
  return position;
}

std::uint32_t Meanings::Place(Shown shown) {
  const std::string key = std::to_string(shown.family) + '\n' + shown.direction + '\n' +
                          shown.queue + '\n' + shown.cause;
  const auto [place, is_new] = places_.try_emplace(key, static_cast<std::uint32_t>(shown_.size()));
  if (is_new) shown_.push_back(std::move(shown));
  return place->second;
}

}  // namespace netstack::nic
