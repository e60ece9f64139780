#include "collectors/sockets/walk_samples.h"

#include <arpa/inet.h>

#include <span>
#include <string_view>

#include "collectors/number_label.h"
#include "collectors/sockets/families.h"

namespace netstack::sockets {
namespace {

void AddStates(const WalkResult& result, Samples& out) {
  for (std::size_t version = 0; version < 2; ++version) {
    for (std::uint8_t state = 1; state < kTcpStates; ++state) {
      out.Add(kFamilies[kTcp], {TcpStateName(state), version == 0 ? "4" : "6"},
              result.states[version][state]);
    }
  }
}

// `first` is the position of the first of the quantities' families; `labels` are theirs.
void AddQuantities(std::size_t first, std::span<const std::string_view> labels,
                   const Quantities& all, Samples& out) {
  for (std::size_t i = 0; i < kQuantities; ++i) {
    const Family& family = kFamilies[first + i];
    const Distribution& distribution = all.Of(static_cast<Quantity>(i));
    const auto bounds = distribution.bounds();
    for (std::size_t j = 0; j < bounds.size(); ++j) {
      out.AddBucket(family, labels, bounds[j].text, distribution.CountUpTo(j));
    }
    const std::uint64_t count = distribution.CountUpTo(bounds.size());
    out.AddBucket(family, labels, "+Inf", count);
    out.AddSum(family, labels, distribution.sum());
    out.AddCount(family, labels, count);
  }
}

void AddSynQueues(const WalkResult& result, Samples& out) {
  for (const SynQueue& queue : result.syn_queues) {
    std::array<char, INET6_ADDRSTRLEN> address = {};
    inet_ntop(queue.ip_version == 6 ? AF_INET6 : AF_INET, queue.address.data(), address.data(),
              address.size());
    const NumberLabel port(queue.port);
    out.Add(kFamilies[kSynQueue], {address.data(), port, queue.ip_version == 6 ? "6" : "4"},
            queue.connections);
  }
}

void AddGroups(const WalkResult& result, Samples& out) {
  for (const WalkResult::Group& group : result.groups) {
    const auto add = [&](FamilyIndex index, std::uint64_t value) {
      out.Add(kFamilies[index], {group.name}, value);
    };
    add(kGroupConnections, group.sums.sockets);
    add(kGroupUnread, group.sums.receive_queue);
    add(kGroupUnreadMax, group.sums.receive_queue_max);
    add(kGroupTransmit, group.sums.transmit_queue);
    add(kGroupTransmitMax, group.sums.transmit_queue_max);
  }
  for (std::size_t i = 0; i < result.group_quantities.size(); ++i) {
    const std::string_view name = result.groups[i].name;
    AddQuantities(kByGroup, std::span(&name, 1), result.group_quantities[i], out);
  }
}

double Seconds(std::uint64_t microseconds) {
  return static_cast<double>(microseconds) * 1e-6;
}

}  // namespace

void AddResult(const WalkResult& result, Samples& out) {
  AddStates(result, out);
  AddQuantities(0, {}, result.quantities, out);
  AddSynQueues(result, out);
  AddGroups(result, out);
  const auto add = [&](FamilyIndex index, Number value) { out.Add(kFamilies[index], {}, value); };
  add(kBusy, Seconds(result.busy_us));
  add(kReceiveWindowLimited, Seconds(result.receive_window_limited_us));
  add(kSendBufferLimited, Seconds(result.send_buffer_limited_us));
  add(kWalkDuration, result.seconds);
  add(kWalkSockets, result.sockets);
  add(kWalkMalformed, result.malformed);
  add(kWalkTruncated, std::uint64_t{result.truncated ? 1u : 0u});
}

}  // namespace netstack::sockets
