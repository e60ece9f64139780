#include "model/stage.h"

#include <array>

namespace netstack {
namespace {

constexpr std::array kStages = {
    StageInfo{Path::kReceive, Stage::kWire, "01", "PHY and MAC: errors on the wire, pause"},
    StageInfo{Path::kReceive, Stage::kRing, "02", "NIC FIFO, RX descriptors, buffer allocation"},
    StageInfo{Path::kReceive, Stage::kIrq, "03", "Hard interrupts and their coalescing"},
    StageInfo{Path::kReceive, Stage::kNapi, "04", "Softirq polling and GRO"},
    StageInfo{Path::kReceive, Stage::kXdp, "05", "XDP verdicts"},
    StageInfo{Path::kReceive, Stage::kBacklog, "06", "Per-CPU backlog (RPS, loopback, veth)"},
    StageInfo{Path::kReceive, Stage::kIngress, "07", "tc ingress, taps, L2 demultiplexing"},
    StageInfo{Path::kReceive, Stage::kIp, "08", "IP header checks, reassembly, routing"},
    StageInfo{Path::kReceive, Stage::kNetfilter, "09", "Netfilter rules and conntrack"},
    StageInfo{Path::kReceive, Stage::kListen, "10", "SYN queue and accept queue"},
    StageInfo{Path::kReceive, Stage::kTcp, "11",
              "TCP socket backlog, receive and out-of-order queues"},
    StageInfo{Path::kReceive, Stage::kDatagram, "12", "UDP, raw and packet receive queues"},
    StageInfo{Path::kTransmit, Stage::kSocket, "01", "Socket send buffer"},
    StageInfo{Path::kTransmit, Stage::kTcp, "02", "TCP output: retransmission, windows"},
    StageInfo{Path::kTransmit, Stage::kIp, "03", "IP output and routing"},
    StageInfo{Path::kTransmit, Stage::kNetfilter, "04", "Netfilter output rules"},
    StageInfo{Path::kTransmit, Stage::kNeighbour, "05", "ARP and ND queue"},
    StageInfo{Path::kTransmit, Stage::kEgress, "06", "tc egress filters"},
    StageInfo{Path::kTransmit, Stage::kQdisc, "07", "Queueing disciplines"},
    StageInfo{Path::kTransmit, Stage::kQueue, "08", "Driver queue: BQL, stops, timeouts, XPS"},
    StageInfo{Path::kTransmit, Stage::kRing, "09", "TX descriptors"},
    StageInfo{Path::kTransmit, Stage::kCompletion, "10", "Completion interrupts, TX coalescing"},
    StageInfo{Path::kTransmit, Stage::kWire, "11", "MAC errors, carrier, pause"},
};

}  // namespace

std::span<const StageInfo> AllStages() {
  return kStages;
}

std::string_view Slug(Path path) {
  switch (path) {
    case Path::kReceive:
      return "receive";
    case Path::kTransmit:
      return "transmit";
    case Path::kNone:
      break;
  }
  return {};
}

std::string_view Slug(Stage stage) {
  constexpr std::array<std::string_view, 19> kSlugs = {
      "",          "wire",   "ring",      "irq",    "napi",      "xdp",      "backlog",
      "ingress",   "ip",     "netfilter", "listen", "tcp",       "datagram", "socket",
      "neighbour", "egress", "qdisc",     "queue",  "completion"};
  return kSlugs.at(static_cast<std::size_t>(stage));
}

bool IsOnPath(Path path, Stage stage) {
  if (path == Path::kNone || stage == Stage::kNone) {
    return path == Path::kNone && stage == Stage::kNone;
  }
  for (const StageInfo& info : kStages) {
    if (info.path == path && info.stage == stage) return true;
  }
  return false;
}

}  // namespace netstack
