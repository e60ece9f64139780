#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "collectors/collector.h"
#include "collectors/network_cards.h"
#include "collectors/queue_map.h"
#include "kernel/bpf/source.h"
#include "kernel/netlink/netdev_family.h"

namespace netstack::napi {

inline constexpr std::size_t kQueueOptions = kCardOptions.size() + 2;
extern const std::array<OptionSpec, kQueueOptions> kOptions;

// The polls of network cards by queue. One thread at a time.
class QueuePolls {
 public:
  // `context` has the rows of kOptions.
  explicit QueuePolls(const CollectorContext& context);

  // Brings up to date which instances are counted one by one. Where nobody tells, none is; that is
  // no error.
  Status Update(NapiSource& source);
  // `record` was read after Update().
  void Add(const NapiRecord& record, Samples& out);

 private:
  using Clock = std::chrono::steady_clock;
  // A NAPI instance and what it polls.
  struct Instance {
    std::uint32_t napi_id;
    std::size_t card;
    std::optional<std::uint32_t> receive;
    std::optional<std::uint32_t> transmit;
  };
  enum class State : std::uint8_t { kShown, kMany, kUnknown };

  Status ReadMap();
  void Learn();
  void LearnCard(std::size_t card);

  const Kernel kernel_;
  NetworkCards cards_;
  NetdevFamily family_;
  netdev::QueueMap map_;
  const bool per_queue_;
  const Clock::duration max_age_;
  std::optional<Clock::time_point> read_at_;  // When the map was read.
  std::uint64_t generation_ = 0;              // Of the cards, then.
  std::vector<Instance> instances_;
  std::vector<State> states_;            // By card.
  std::vector<State> shown_states_;      // Those of a round, in which a row may be missing.
  std::vector<std::uint32_t> napi_ids_;  // Those of the instances.
  std::vector<std::uint32_t> set_ids_;   // Those that the source knows.
};

}  // namespace netstack::napi
