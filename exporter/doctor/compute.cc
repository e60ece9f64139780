#include "exporter/doctor/compute.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace netstack {
namespace {

constexpr double kKernelTcpDefault = 131072;
constexpr double kKernelTcpMax = 6291456;
constexpr double kLargestTcpMax = 64.0 * 1024 * 1024;
constexpr double kShortestTcpMax = 4.0 * 1024 * 1024;
constexpr double kSkbOverhead = 512;  // What a buffer costs beside its data, about.
constexpr double kLeastMemory = 768;  // Of an empty packet.

// Drivers whose netstack_queue_ring_overruns_total is what the port's buffer had no room for.
constexpr auto kPortDrivers =
    std::to_array<std::string_view>({"bnx2x", "i40e", "ice", "mlx5_core", "qede"});

double PowerOfTwo(double at_least) {
  return std::exp2(std::ceil(std::log2(std::max(at_least, 1.0))));
}

}  // namespace

void StepByLoss(Facts& facts) {
  const auto now = facts.Number("now");
  const auto lost = facts.Number("lost");
  if (!now || !lost) return;
  const double step = PowerOfTwo(*lost * 9 / 8);
  facts.Set("new", *now + std::min(step, std::max(*now, 1000.0)));
}

void ConnectionsForLoss(Facts& facts) {
  const auto now = facts.Number("now");
  const auto lost = facts.Number("lost");
  if (now && lost) facts.Set("new", std::min(PowerOfTwo(*now + *lost + 1), 65535.0));
}

void PacketsForLoss(Facts& facts) {
  const auto now = facts.Number("now");
  const auto lost = facts.Number("lost");
  if (!now || !lost) return;
  facts.Set("new", std::min(PowerOfTwo(*now + *lost), std::max(4 * *now, 1000.0)));
}

void BytesForLoss(Facts& facts) {
  const auto now = facts.Number("now");
  const auto lost = facts.Number("lost");
  const auto bytes = facts.Number("packet_bytes");
  if (!now || !lost || !bytes) return;
  const double wanted = PowerOfTwo(*now + *lost * *bytes * 5 / 4);
  const double most = std::max(PowerOfTwo(8 * *now), 256.0 * 1024);
  facts.Set("new", std::min(wanted, most));
  facts.Set("half", std::min(wanted, most) / 2);
}

void OfOneSocket(Facts& facts) {
  const auto limit = facts.Number("limit");
  const auto lost = facts.Number("lost");
  const double sockets = std::max(facts.Number("sockets").value_or(1), 1.0);
  if (!limit || !lost) return;
  facts.Set("now", std::floor(*limit / sockets));
  facts.Set("lost", std::ceil(*lost / sockets));
}

void MemoryForLoss(Facts& facts) {
  LengthOfPacket(facts);
  const auto length = facts.Number("packet_bytes");
  if (length) facts.Set("packet_bytes", std::max(2 * *length + kSkbOverhead, kLeastMemory));
  BytesForLoss(facts);
}

void LengthOfPacket(Facts& facts) {
  const double packets = facts.Number("packets").value_or(0);
  const auto bytes = facts.Number("bytes");
  constexpr double kFullFrame = 1500;  // Where nothing is known of the packets.
  facts.Set("packet_bytes", packets > 0 && bytes ? std::ceil(*bytes / packets) : kFullFrame);
}

void LossesOfPort(Facts& facts) {
  const auto overruns = facts.Number("overruns");
  const auto rise = facts.Number("rise");
  if (!overruns || !rise || std::ranges::count(kPortDrivers, facts.Text("driver")) == 0) return;
  const double of_port = std::min(*overruns, *rise);
  facts.Set("port_lost", of_port);
  facts.Set("ring_lost", *rise - of_port);
}

void TowardMaximum(Facts& facts) {
  const auto now = facts.Number("now");
  const auto max = facts.Number("max");
  if (now && max) facts.Set("new", std::min(2 * *now, *max));
}

void Doubled(Facts& facts) {
  if (const auto now = facts.Number("now")) facts.Set("new", 2 * *now);
}

void MoreSoftirqTime(Facts& facts) {
  if (facts.Number("squeezes").value_or(0) == 0) return;
  if (const auto usecs = facts.Number("usecs")) facts.Set("more_usecs", 2 * *usecs);
  if (const auto budget = facts.Number("budget")) facts.Set("more_budget", 2 * *budget);
}

void LargerTcpBuffer(Facts& facts) {
  const auto normal = facts.Number("default");
  const auto max = facts.Number("max");
  if (!normal || !max) return;
  const bool small = *max < kKernelTcpMax;
  facts.Set("new_default", std::max(*normal, kKernelTcpDefault));
  facts.Set("new_max", small ? kKernelTcpMax : std::max(*max, std::min(2 * *max, kLargestTcpMax)));
}

void SmallerTcpBuffer(Facts& facts) {
  if (const auto max = facts.Number("max")) {
    facts.Set("new_max", std::max(std::floor(*max / 2), kShortestTcpMax));
  }
}

void LargerMemory(Facts& facts) {
  for (const std::string_view name : {"min", "pressure", "max"}) {
    const auto pages = facts.Number(name);
    if (pages) facts.Set("new_" + std::string(name), std::floor(*pages * 3 / 2));
  }
}

void PlaceOfQdisc(Facts& facts) {
  if (!facts.Knows("parent") || !facts.Knows("handle")) return;
  const std::string parent(facts.Text("parent"));
  const std::string handle(facts.Text("handle"));
  std::string where = parent == "root" ? parent : "parent " + parent;
  // 0: is what the kernel made by itself; it cannot be named.
  if (handle != "0:") where += " handle " + handle;
  facts.Set("where", where);
  facts.Set("child", handle + "1");
}

}  // namespace netstack
