#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace netstack {

// The direction a packet travels. kNone: the thing is not on a packet's path (build info, scrape).
enum class Path : std::uint8_t { kNone, kReceive, kTransmit };

// A place where a packet can be queued, delayed or lost. Several stages exist on both paths.
enum class Stage : std::uint8_t {
  kNone,
  kWire,
  kRing,
  kIrq,
  kNapi,
  kXdp,
  kBacklog,
  kIngress,
  kIp,
  kNetfilter,
  kListen,
  kTcp,
  kDatagram,
  kSocket,
  kNeighbour,
  kEgress,
  kQdisc,
  kQueue,
  kCompletion,
};

// One stage of one path. `order` counts from 01 in the packet's order along its path.
struct StageInfo {
  Path path;
  Stage stage;
  std::string_view order;  // Two digits.
  std::string_view title;  // For people, a few words.
};

// Every stage, the receive path first, each path in the packet's order.
std::span<const StageInfo> AllStages();

// The label value of a path ("receive") or stage ("backlog"); empty for kNone.
std::string_view Slug(Path path);
std::string_view Slug(Stage stage);

// True if `path` has `stage`. (kNone, kNone) is a claim of its own: not on the path.
bool IsOnPath(Path path, Stage stage);

}  // namespace netstack
