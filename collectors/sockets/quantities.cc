#include "collectors/sockets/quantities.h"

#include <algorithm>

namespace netstack::sockets {
namespace {

constexpr auto kByteBounds = std::to_array<Bound>({{0, "0"},
                                                   {1024, "1024"},
                                                   {4096, "4096"},
                                                   {16384, "16384"},
                                                   {65536, "65536"},
                                                   {262144, "262144"},
                                                   {1048576, "1048576"},
                                                   {4194304, "4194304"},
                                                   {16777216, "16777216"}});
// In twentieths.
constexpr auto kRatioBounds = std::to_array<Bound>(
    {{0, "0"}, {2, "0.1"}, {5, "0.25"}, {10, "0.5"}, {15, "0.75"}, {18, "0.9"}, {20, "1"}});
// In microseconds, as the kernel tells them.
constexpr auto kSecondBounds = std::to_array<Bound>({{100, "0.0001"},
                                                     {500, "0.0005"},
                                                     {1000, "0.001"},
                                                     {5000, "0.005"},
                                                     {10000, "0.01"},
                                                     {25000, "0.025"},
                                                     {50000, "0.05"},
                                                     {100000, "0.1"},
                                                     {250000, "0.25"},
                                                     {500000, "0.5"},
                                                     {1000000, "1"},
                                                     {5000000, "5"}});
constexpr auto kSegmentBounds = std::to_array<Bound>({{0, "0"},
                                                      {1, "1"},
                                                      {2, "2"},
                                                      {5, "5"},
                                                      {10, "10"},
                                                      {20, "20"},
                                                      {50, "50"},
                                                      {100, "100"},
                                                      {1000, "1000"}});
constexpr Buckets kByteBuckets(kByteBounds);
constexpr Buckets kSecondBuckets(kSecondBounds);
constexpr Buckets kSegmentBuckets(kSegmentBounds);

}  // namespace

Quantities::Quantities()
    : distributions_{Distribution(kByteBounds),    Distribution(kByteBounds),
                     Distribution(kByteBounds),    Distribution(kRatioBounds),
                     Distribution(kRatioBounds),   Distribution(kSecondBounds),
                     Distribution(kSegmentBounds), Distribution(kSegmentBounds)} {}

void Quantities::Clear() {
  for (Distribution& distribution : distributions_) distribution.Clear();
}

void Quantities::Add(const Quantities& other) {
  for (std::size_t i = 0; i < kQuantities; ++i) distributions_[i].Add(other.distributions_[i]);
}

// Most memory is empty, so that the division is worth a look before it.
void Quantities::AddRatio(Quantity quantity, std::uint32_t part, std::uint32_t whole) {
  if (part == 0 || whole == 0) return Add(quantity, 0, 0);
  const std::uint64_t twentieths = std::uint64_t{part} * 20;
  std::size_t bucket = 0;
  for (const Bound& bound : kRatioBounds) bucket += twentieths > std::uint64_t{bound.value} * whole;
  Add(quantity, bucket, static_cast<double>(part) / whole);
}

void Quantities::Add(const InetSocket& socket, const TcpDetails& details) {
  const auto add = [this](Quantity quantity, const Buckets& buckets, std::uint32_t value) {
    Add(quantity, buckets.IndexOf(value), value);
  };
  const std::uint32_t unsent = std::min(details.unsent, socket.transmit_queue);
  add(Quantity::kUnread, kByteBuckets, socket.receive_queue);
  add(Quantity::kUnsent, kByteBuckets, unsent);
  add(Quantity::kUnacknowledged, kByteBuckets, socket.transmit_queue - unsent);
  AddRatio(Quantity::kReceiveMemory, socket.memory->receive, socket.memory->receive_limit);
  AddRatio(Quantity::kTransmitMemory, socket.memory->transmit_queued,
           socket.memory->transmit_limit);
  if (details.rtt_us > 0) {
    Add(Quantity::kRtt, kSecondBuckets.IndexOf(details.rtt_us), details.rtt_us * 1e-6);
  }
  add(Quantity::kRetransmitted, kSegmentBuckets, details.retransmitted);
  add(Quantity::kCongestionWindow, kSegmentBuckets, details.congestion_window);
}

}  // namespace netstack::sockets
