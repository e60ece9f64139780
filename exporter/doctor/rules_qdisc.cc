#include "exporter/doctor/compute.h"
#include "exporter/doctor/rule.h"

namespace netstack {
namespace {

constexpr Selector kLost = {
    "netstack_path_drops_total",
    {{{"path", "transmit"}, {"stage", "qdisc"}, {"cause", "qdisc_full"}, {"class", "loss"}}}};

// The queueing disciplines of the device that have nothing below them; then the one of them that
// dropped the most.
constexpr Selector kLeaves = {"netstack_qdisc_drops_total",
                              {{{"device", "{device}"}, {"leaf", "1"}}}};
constexpr Selector Worst(std::string_view family) {
  return {family, {{{"device", "{device}"}, {"handle", "{handle}"}, {"parent", "{parent}"}}}};
}

constexpr auto kFacts = std::to_array<FactRow>({
    {"kind", Measure::kWorstMember, kLeaves, "kind"},
    {"handle", Measure::kWorstMember, kLeaves, "handle"},
    {"parent", Measure::kWorstMember, kLeaves, "parent"},
    {"lost", Measure::kWorstRise, kLeaves},
    {"limit_packets", Measure::kNow, Worst("netstack_qdisc_limit_packets")},
    {"limit_bytes", Measure::kNow, Worst("netstack_qdisc_limit_bytes")},
    {"queued", Measure::kNow, Worst("netstack_qdisc_queue_length_packets")},
    {"sent", Measure::kRise, Worst("netstack_qdisc_packets_total")},
    {"overlimits", Measure::kRise, Worst("netstack_qdisc_overlimits_total")},
    {"requeues", Measure::kRise, Worst("netstack_qdisc_requeues_total")},
    {"always", Measure::kLeastMost, {"netstack_qdisc_fill_ratio", {{{"device", "{device}"}}}}},
    {"flow_limit_drops", Measure::kRise, Worst("netstack_qdisc_fq_flow_limit_drops_total")},
    {"room_drops", Measure::kRise, Worst("netstack_qdisc_fq_codel_overlimit_drops_total")},
    {"bytes", Measure::kRise, Worst("netstack_qdisc_bytes_total")},
    {"packets", Measure::kRise, Worst("netstack_qdisc_packets_total")},
});

constexpr std::string_view kTitle =
    "{device}: {rise} packets lost because a queue on the way out "
    "was full";
constexpr std::array<Remark, 3> kAlso = {{
    {"{kind} (handle {handle}, parent {parent}) dropped {lost} and let {sent} through; {queued} "
     "wait "
     "now.",
     Known("kind")},
}};
constexpr std::array<Remark, 6> kChecks = {{
    {"No packet was put back by the driver: the device takes what it is given.",
     Equals("requeues", 0)},
    {"{requeues} packets were put back by the driver: its ring is full, too, so the link is the "
     "bottleneck.",
     Above("requeues", 0)},
    {"A shaper held packets back {overlimits} times: its rate, not the link, is the bottleneck.",
     Above("overlimits", 0)},
    {"No shaper held anything back here: the queue is short for the burst, or what is below it is "
     "slow.",
     Equals("overlimits", 0)},
    {"The queue was full at both samples: more is offered than the rate for as long as was looked. "
     "A "
     "longer queue only adds delay; raise the rate or send less.",
     AtLeast("always", 0.95)},
    {"The queue was not full at both samples: it overflows in bursts.", Below("always", 0.95)},
}};
constexpr std::string_view kCost =
    "Delay: a packet waits for all that is before it. At a steady overload a longer queue loses as "
    "much.";
constexpr std::string_view kVerify =
    "tc -s qdisc show dev {device}: dropped stands still, and the backlog returns to 0.";

// The limit in force is a number of packets, or of bytes.
void LimitInPackets(Facts& facts) {
  if (const auto limit = facts.Number("limit_packets")) facts.Set("now", *limit);
  PacketsForLoss(facts);
}
void LimitInBytes(Facts& facts) {
  if (const auto limit = facts.Number("limit_bytes")) facts.Set("now", *limit);
  LengthOfPacket(facts);
  BytesForLoss(facts);
}
void Roomless(Facts& facts) {
  const auto lost = facts.Number("lost");
  const auto room = facts.Number("room_drops");
  if (lost && room) facts.Set("early", *lost - *room);
}

constexpr Rule Qdisc(std::string_view id, std::string_view cause) {
  return {.id = id,
          .path = Path::kTransmit,
          .stage = Stage::kQdisc,
          .evidence = kLost,
          .facts = kFacts,
          .title = kTitle,
          .also = kAlso,
          .cause = cause,
          .checked = kChecks,
          .cost = kCost,
          .verify = kVerify};
}

constexpr Rule PacketQueue(std::string_view id, Condition when, Step change, std::string_view undo,
                           std::string_view cause) {
  Rule rule = Qdisc(id, cause);
  rule.compute = {LimitInPackets, PlaceOfQdisc};
  rule.when = {when, Known("new")};
  rule.change[0] = change;
  rule.undo = undo;
  return rule;
}

constexpr Rule ByteQueue(std::string_view id, Condition when, Step change, std::string_view undo,
                         std::string_view cause) {
  Rule rule = Qdisc(id, cause);
  rule.compute = {LimitInBytes, PlaceOfQdisc};
  rule.when = {when, Known("new")};
  rule.change[0] = change;
  rule.undo = undo;
  return rule;
}

constexpr Rule Aqm(std::string_view id, Condition when) {
  Rule rule = Qdisc(id,
                    "{kind} dropped {early} packets though it had room: it keeps the delay short "
                    "when more is sent than the link takes. That is its work, and TCP slows "
                    "down for it.");
  rule.weight = 0.1;
  rule.compute = {Roomless};
  rule.when = {when, Above("early", 0), Equals("room_drops", 0)};
  rule.title = "{device}: {kind} dropped {rise} packets to keep the delay short";
  rule.change[0] = {"",
                    "Nothing, if the delay matters. Against the drops: ECN on both ends (sysctl -w "
                    "net.ipv4.tcp_ecn=1), or a faster link."};
  rule.cost = "";
  return rule;
}

constexpr auto kRules = std::to_array<Rule>({
    PacketQueue(
        "qdisc_pfifo_fast_full", IsWord("kind", "pfifo_fast"),
        {"ip link set dev {device} txqueuelen {new}", ""},
        "ip link set dev {device} txqueuelen {now}",
        "pfifo_fast holds {now} packets in each of its bands (the device's txqueuelen), too "
        "few for what programs send at once."),
    ByteQueue(
        "qdisc_tbf_full", IsWord("kind", "tbf"),
        {"tc qdisc replace dev {device} parent {child} bfifo limit {new}",
         "Sets the queue inside the shaper and leaves its rate. If it stays full, the rate is "
         "what to change: tc qdisc show dev {device}."},
        "tc qdisc replace dev {device} parent {child} bfifo limit {now}",
        "The shaper tbf holds {now} bytes while it waits for its rate, too few for what "
        "programs send at once."),
    PacketQueue("qdisc_fq_flow_limit", Above("flow_limit_drops", 0),
                {"tc qdisc change dev {device} {where} fq flow_limit {new}", ""},
                "Write back the former flow_limit (tc qdisc show dev {device}; 100 unless told).",
                "One flow had more packets in fq than flow_limit allows: a program that sends in "
                "bursts without pacing."),
    Aqm("qdisc_fq_codel_early", IsWord("kind", "fq_codel")),
    ByteQueue("qdisc_bfifo_full", IsWord("kind", "bfifo"),
              {"tc qdisc change dev {device} {where} bfifo limit {new}", ""},
              "tc qdisc change dev {device} {where} bfifo limit {now}",
              "The queue holds {now} bytes, too few for what programs send at once."),
    PacketQueue("qdisc_queue_full", Known("limit_packets"),
                {"tc qdisc change dev {device} {where} {kind} limit {new}", ""},
                "tc qdisc change dev {device} {where} {kind} limit {now}",
                "{kind} holds {now} packets, too few for what programs send at once."),
    Qdisc("qdisc_unknown_limit",
          "A queueing discipline dropped them; which, or its limit, is not to be seen here."),
});

}  // namespace

std::span<const Rule> QdiscRules() {
  return kRules;
}

}  // namespace netstack
