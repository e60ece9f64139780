#include "collectors/qdisc/kinds.h"

#include <linux/pkt_sched.h>

#include <array>

namespace netstack::qdisc {
namespace {

using In = KindRow::In;
// How many of a unit are a second.
constexpr double kMicroseconds = 1e6;
constexpr double kNanoseconds = 1e9;

// Appended to tc_fq_qd_stats by Linux 6.7.
constexpr std::size_t kFqFastpathOffset = sizeof(tc_fq_qd_stats);

#define NUMBER(structure, member) \
  offsetof(structure, member), sizeof(std::declval<structure>().member)

constexpr auto kFifo = std::to_array<KindRow>({
    {In::kOptions, 0, NUMBER(tc_fifo_qopt, limit), kLimitPackets},
});
constexpr auto kByteFifo = std::to_array<KindRow>({
    {In::kOptions, 0, NUMBER(tc_fifo_qopt, limit), kLimitBytes},
});
constexpr auto kSfq = std::to_array<KindRow>({
    {In::kOptions, 0, NUMBER(tc_sfq_qopt, limit), kLimitPackets},
});
constexpr auto kNetem = std::to_array<KindRow>({
    {In::kOptions, 0, NUMBER(tc_netem_qopt, limit), kLimitPackets},
});
constexpr auto kTbf = std::to_array<KindRow>({
    {In::kOptionAttribute, TCA_TBF_PARMS, NUMBER(tc_tbf_qopt, limit), kLimitBytes},
});
constexpr auto kHtb = std::to_array<KindRow>({
    {In::kOptionAttribute, TCA_HTB_INIT, NUMBER(tc_htb_glob, direct_pkts), kHtbDirect},
});
constexpr auto kFq = std::to_array<KindRow>({
    {In::kOptionAttribute, TCA_FQ_PLIMIT, 0, 4, kLimitPackets},
    {In::kOwn, 0, NUMBER(tc_fq_qd_stats, throttled), kFqThrottled},
    {In::kOwn, 0, NUMBER(tc_fq_qd_stats, flows_plimit), kFqFlowsPlimit},
    {In::kOwn, 0, NUMBER(tc_fq_qd_stats, horizon_drops), kFqHorizonDrops},
    {In::kOwn, 0, NUMBER(tc_fq_qd_stats, horizon_caps), kFqHorizonCaps},
    {In::kOwn, 0, NUMBER(tc_fq_qd_stats, allocation_errors), kFqAllocationErrors},
    {In::kOwn, 0, NUMBER(tc_fq_qd_stats, tcp_retrans), kFqTcpRetrans},
    {In::kOwn, 0, NUMBER(tc_fq_qd_stats, pkts_too_long), kFqTooLong},
    {In::kOwn, 0, NUMBER(tc_fq_qd_stats, ce_mark), kFqCeMark},
    {In::kOwn, 0, kFqFastpathOffset, 8, kFqFastpath},
    {In::kOwn, 0, NUMBER(tc_fq_qd_stats, gc_flows), kFqFlowsCollected},
    {In::kOwn, 0, NUMBER(tc_fq_qd_stats, flows), kFqFlows},
    {In::kOwn, 0, NUMBER(tc_fq_qd_stats, inactive_flows), kFqInactiveFlows},
    {In::kOwn, 0, NUMBER(tc_fq_qd_stats, throttled_flows), kFqThrottledFlows},
    {In::kOwn, 0, NUMBER(tc_fq_qd_stats, unthrottle_latency_ns), kFqUnthrottleLatency,
     kNanoseconds},
});
constexpr auto kFqCodel = std::to_array<KindRow>({
    {In::kOptionAttribute, TCA_FQ_CODEL_LIMIT, 0, 4, kLimitPackets},
    {In::kOptionAttribute, TCA_FQ_CODEL_MEMORY_LIMIT, 0, 4, kMemoryLimit},
    {In::kOwn, 0, NUMBER(tc_fq_codel_xstats, qdisc_stats.memory_usage), kMemoryUsage},
    {In::kOwn, 0, NUMBER(tc_fq_codel_xstats, qdisc_stats.drop_overlimit), kFqCodelOverlimit},
    {In::kOwn, 0, NUMBER(tc_fq_codel_xstats, qdisc_stats.drop_overmemory), kFqCodelOvermemory},
    {In::kOwn, 0, NUMBER(tc_fq_codel_xstats, qdisc_stats.ecn_mark), kFqCodelEcnMark},
    {In::kOwn, 0, NUMBER(tc_fq_codel_xstats, qdisc_stats.ce_mark), kFqCodelCeMark},
    {In::kOwn, 0, NUMBER(tc_fq_codel_xstats, qdisc_stats.new_flow_count), kFqCodelNewFlows},
    {In::kOwn, 0, NUMBER(tc_fq_codel_xstats, qdisc_stats.new_flows_len), kFqCodelNewFlowsLength},
    {In::kOwn, 0, NUMBER(tc_fq_codel_xstats, qdisc_stats.old_flows_len), kFqCodelOldFlowsLength},
});
constexpr auto kCodel = std::to_array<KindRow>({
    {In::kOptionAttribute, TCA_CODEL_LIMIT, 0, 4, kLimitPackets},
    {In::kOwn, 0, NUMBER(tc_codel_xstats, drop_overlimit), kCodelOverlimit},
    {In::kOwn, 0, NUMBER(tc_codel_xstats, ecn_mark), kCodelEcnMark},
    {In::kOwn, 0, NUMBER(tc_codel_xstats, ce_mark), kCodelCeMark},
    {In::kOwn, 0, NUMBER(tc_codel_xstats, ldelay), kCodelDelay, kMicroseconds},
    {In::kOwn, 0, NUMBER(tc_codel_xstats, dropping), kCodelDropping},
});
constexpr auto kRed = std::to_array<KindRow>({
    {In::kOptionAttribute, TCA_RED_PARMS, NUMBER(tc_red_qopt, limit), kLimitBytes},
    {In::kOwn, 0, NUMBER(tc_red_xstats, early), kRedEarly},
    {In::kOwn, 0, NUMBER(tc_red_xstats, pdrop), kRedLimit},
    {In::kOwn, 0, NUMBER(tc_red_xstats, other), kRedOther},
    {In::kOwn, 0, NUMBER(tc_red_xstats, marked), kRedMarked},
});
constexpr auto kPie = std::to_array<KindRow>({
    {In::kOptionAttribute, TCA_PIE_LIMIT, 0, 4, kLimitPackets},
    {In::kOwn, 0, NUMBER(tc_pie_xstats, dropped), kPieDrops},
    {In::kOwn, 0, NUMBER(tc_pie_xstats, overlimit), kPieOverlimit},
    {In::kOwn, 0, NUMBER(tc_pie_xstats, ecn_mark), kPieEcnMark},
    {In::kOwn, 0, NUMBER(tc_pie_xstats, delay), kPieDelay, kMicroseconds},
});
constexpr auto kFqPie = std::to_array<KindRow>({
    {In::kOptionAttribute, TCA_FQ_PIE_LIMIT, 0, 4, kLimitPackets},
    {In::kOptionAttribute, TCA_FQ_PIE_MEMORY_LIMIT, 0, 4, kMemoryLimit},
    {In::kOwn, 0, NUMBER(tc_fq_pie_xstats, memory_usage), kMemoryUsage},
    {In::kOwn, 0, NUMBER(tc_fq_pie_xstats, dropped), kPieDrops},
    {In::kOwn, 0, NUMBER(tc_fq_pie_xstats, overlimit), kPieOverlimit},
    {In::kOwn, 0, NUMBER(tc_fq_pie_xstats, overmemory), kPieOvermemory},
    {In::kOwn, 0, NUMBER(tc_fq_pie_xstats, ecn_mark), kPieEcnMark},
});
constexpr auto kCake = std::to_array<KindRow>({
    {In::kOwnAttribute, TCA_CAKE_STATS_MEMORY_LIMIT, 0, 4, kMemoryLimit},
    {In::kOwnAttribute, TCA_CAKE_STATS_MEMORY_USED, 0, 4, kCakeMemoryPeak},
});

#undef NUMBER

struct Kind {
  std::string_view name;
  std::span<const KindRow> rows;
};
constexpr auto kKinds = std::to_array<Kind>({
    {"pfifo", kFifo},
    {"pfifo_head_drop", kFifo},
    {"bfifo", kByteFifo},
    {"tbf", kTbf},
    {"htb", kHtb},
    {"fq", kFq},
    {"fq_codel", kFqCodel},
    {"codel", kCodel},
    {"cake", kCake},
    {"red", kRed},
    {"pie", kPie},
    {"fq_pie", kFqPie},
    {"sfq", kSfq},
    {"netem", kNetem},
});

constexpr auto kTinRows = std::to_array<TinRow>({
    {TCA_CAKE_TIN_STATS_DROPPED_PACKETS, kCakeTinDrops},
    {TCA_CAKE_TIN_STATS_ACKS_DROPPED_PACKETS, kCakeTinAckDrops},
    {TCA_CAKE_TIN_STATS_ECN_MARKED_PACKETS, kCakeTinEcnMark},
    {TCA_CAKE_TIN_STATS_BACKLOG_BYTES, kCakeTinBacklog},
    {TCA_CAKE_TIN_STATS_PEAK_DELAY_US, kCakeTinPeakDelay, kMicroseconds},
    {TCA_CAKE_TIN_STATS_AVG_DELAY_US, kCakeTinAverageDelay, kMicroseconds},
});

// The attribute's data; empty when it is not there.
std::span<const std::byte> Attribute(std::span<const std::byte> nest, std::uint16_t type) {
  NetlinkAttributes attributes(nest);
  NetlinkAttribute attribute;
  while (attributes.Next(attribute)) {
    if (attribute.type == type) return attribute.data;
  }
  return {};
}

std::span<const std::byte> DataOf(const Qdisc& qdisc, const KindRow& row) {
  switch (row.in) {
    case In::kOptions:
      return qdisc.options;
    case In::kOwn:
      return qdisc.own;
    case In::kOptionAttribute:
      return Attribute(qdisc.options, row.attribute);
    case In::kOwnAttribute:
      return Attribute(qdisc.own, row.attribute);
  }
  return {};
}

}  // namespace

std::span<const KindRow> RowsOf(std::string_view kind) {
  for (const Kind& known : kKinds) {
    if (known.name == kind) return known.rows;
  }
  return {};
}

// A structure grows with the kernel: an older one is shorter.
bool ReadKindRow(const Qdisc& qdisc, const KindRow& row, std::uint64_t& value) {
  const std::span<const std::byte> data = DataOf(qdisc, row);
  if (data.size() < row.offset + row.size) return false;
  if (row.size == sizeof value) {
    std::memcpy(&value, data.data() + row.offset, sizeof value);
    return true;
  }
  std::uint32_t narrow = 0;
  std::memcpy(&narrow, data.data() + row.offset, sizeof narrow);
  value = narrow;
  return true;
}

std::span<const TinRow> TinRows() {
  return kTinRows;
}

std::span<const std::byte> CakeTins(const Qdisc& qdisc) {
  if (qdisc.kind != "cake") return {};
  return Attribute(qdisc.own, TCA_CAKE_STATS_TIN_STATS);
}

}  // namespace netstack::qdisc
