#include "collectors/napi/queue_polls.h"

#include <algorithm>
#include <array>

#include "collectors/napi/families.h"
#include "collectors/number_label.h"
#include "kernel/missing.h"
#include "model/joined.h"

namespace netstack::napi {
namespace {

// Of a card with more in a direction, queues are shown on request only.
constexpr std::ptrdiff_t kMostQueuesShown = 16;

constexpr std::array<std::string_view, 3> kStates = {"shown", "many", "unknown"};

}  // namespace

constinit const std::array<OptionSpec, kQueueOptions> kOptions = Joined(
    kCardOptions,
    std::to_array<OptionSpec>({
        {.name = "per-queue",
         .kind = OptionSpec::Kind::kBool,
         .default_value = "false",
         .help = "Show the polls of each queue of a device that has more than 16 in a direction."},
        {.name = "settings-max-age",
         .kind = OptionSpec::Kind::kDuration,
         .default_value = "1m",
         .help = "Which NAPI instance polls which queue is read again when older."},
    }));

QueuePolls::QueuePolls(const CollectorContext& context)
    : kernel_(context.kernel),
      cards_(kernel_, context.options, context.devices),
      family_(kernel_.netlink),
      map_(family_),
      per_queue_(context.options.Bool("per-queue")),
      max_age_(std::chrono::duration_cast<Clock::duration>(
          context.options.Duration("settings-max-age"))) {}

Status QueuePolls::Update(NapiSource& source) {
  if (Status updated = cards_.Update(); !updated) {
    return IsMissing(updated.error()) ? Status() : updated;
  }
  if (Status read = ReadMap(); !read) return read;
  if (set_ids_ != napi_ids_) {
    source.SetQueues(napi_ids_);
    set_ids_ = napi_ids_;
  }
  return {};
}

Status QueuePolls::ReadMap() {
  const Clock::time_point now = Clock::now();
  if (read_at_ && generation_ == cards_.generation() && now - *read_at_ < max_age_) return {};
  Status read = map_.Read();
  if (!read && !IsMissing(read.error())) return read;
  read_at_ = now;
  generation_ = cards_.generation();
  Learn();
  return {};
}

void QueuePolls::Learn() {
  instances_.clear();
  states_.assign(cards_.all().size(), State::kUnknown);
  for (std::size_t card = 0; card < states_.size(); ++card) LearnCard(card);
  napi_ids_.clear();
  for (const Instance& instance : instances_) napi_ids_.push_back(instance.napi_id);
}

void QueuePolls::LearnCard(std::size_t card) {
  const auto is_of_card = [&](const netdev::Queue& queue) {
    return queue.device == cards_.all()[card].index;
  };
  std::array<std::ptrdiff_t, 2> queues = {};
  bool has_instances = false;
  for (const netdev::Queue& queue : map_.queues()) {
    if (!is_of_card(queue)) continue;
    ++queues[queue.is_transmit ? 1 : 0];
    has_instances = has_instances || queue.napi != 0;
  }
  if (!has_instances) return;
  const bool are_many = std::ranges::max(queues) > kMostQueuesShown;
  states_[card] = are_many && !per_queue_ ? State::kMany : State::kShown;
  if (states_[card] == State::kMany) return;
  for (const netdev::Queue& queue : map_.queues()) {
    if (!is_of_card(queue) || queue.napi == 0) continue;
    const auto id = static_cast<std::uint32_t>(queue.napi);
    auto found = std::ranges::find(instances_, id, &Instance::napi_id);
    if (found == instances_.end()) {
      instances_.push_back({.napi_id = id, .card = card, .receive = {}, .transmit = {}});
      found = instances_.end() - 1;
    }
    std::optional<std::uint32_t>& number = queue.is_transmit ? found->transmit : found->receive;
    if (!number) number = static_cast<std::uint32_t>(queue.number);
  }
}

void QueuePolls::Add(const NapiRecord& record, Samples& out) {
  shown_states_ = states_;
  for (const Instance& instance : instances_) {
    const auto found = std::ranges::find(record.queues, instance.napi_id, &NapiQueue::napi_id);
    if (found == record.queues.end()) {
      shown_states_[instance.card] = State::kMany;
      continue;
    }
    const NumberLabel number(instance.receive.value_or(instance.transmit.value_or(0)));
    const bool is_combined = instance.receive && instance.transmit;
    const std::string_view direction = is_combined        ? "combined"
                                       : instance.receive ? "receive"
                                                          : "transmit";
    const std::array<std::string_view, 3> labels = {cards_.all()[instance.card].label, direction,
                                                    number};
    out.Add(kFamilies[kQueuePolls], labels, found->polls);
    out.Add(kFamilies[kQueueWork], labels, found->work);
    out.Add(kFamilies[kQueueExhausted], labels, found->exhausted);
  }
  for (std::size_t card = 0; card < shown_states_.size(); ++card) {
    const std::string_view state = kStates.at(static_cast<std::size_t>(shown_states_[card]));
    out.Add(kFamilies[kQueuesState], {cards_.all()[card].label, state}, std::uint64_t{1});
  }
}

}  // namespace netstack::napi
