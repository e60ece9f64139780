#include "exporter/doctor/rule_cases.h"

namespace netstack::testing {
namespace {

const std::string kFull = Loss("transmit", "qdisc", "qdisc_full", "eth0");

std::string Of(std::string_view family, std::string_view kind, std::string_view handle,
               std::string_view parent) {
  return "netstack_qdisc_" + std::string(family) + "{device=\"eth0\",kind=\"" + std::string(kind) +
         "\",handle=\"" + std::string(handle) + "\",parent=\"" + std::string(parent) + "\"";
}

// A queueing discipline that dropped 60 of the packets it was given.
std::vector<Pair> Dropping(std::string_view kind, std::string_view handle, std::string_view parent,
                           std::vector<Pair> more) {
  const auto leaf = [&](std::string_view family) {
    return Of(family, kind, handle, parent) + ",leaf=\"1\"}";
  };
  more.push_back({kFull, 1, 61});
  more.push_back({leaf("drops_total"), 1, 61});
  more.push_back({leaf("packets_total"), 0, 100});
  more.push_back({leaf("bytes_total"), 0, 54200});
  more.push_back(Still(leaf("queue_length_packets"), 2));
  more.push_back(Still(leaf("overlimits_total"), 0));
  more.push_back(Still(leaf("requeues_total"), 0));
  return more;
}

Pair Limit(std::string_view family, std::string_view kind, std::string_view handle,
           std::string_view parent, double limit) {
  return Still(Of(family, kind, handle, parent) + "}", limit);
}

}  // namespace

std::vector<RuleCase> TransmitCases() {
  const auto lost = [](std::string_view stage, std::string_view cause,
                       std::string_view device = {}) {
    return Loss("transmit", stage, cause, device);
  };
  const std::string table_full = lost("neighbour", "table_full");
  const std::string requeue = Pressure("transmit", "qdisc", "requeue", "eth0");
  const std::string timeout = Pressure("transmit", "queue", "transmit_timeout", "eth0");
  const std::string retransmit = Pressure("transmit", "tcp", "retransmit");
  const std::string codel_full =
      Of("fq_codel_overlimit_drops_total", "fq_codel", "1:", "root") + "}";
  return {
      {"qdisc_pfifo_fast_full",
       Dropping("pfifo_fast", "0:", "root",
                {Limit("limit_packets", "pfifo_fast", "0:", "root", 1000)}),
       "ip link set dev eth0 txqueuelen 2048",
       {Still(kFull, 61)}},
      {"qdisc_tbf_full",
       Dropping("tbf", "8001:", "root", {Limit("limit_bytes", "tbf", "8001:", "root", 8000)}),
       "tc qdisc replace dev eth0 parent 8001:1 bfifo limit 65536",
       {Still(kFull, 61)}},
      {"qdisc_fq_flow_limit",
       Dropping("fq", "1:", "root",
                {Limit("limit_packets", "fq", "1:", "root", 10000),
                 {Of("fq_flow_limit_drops_total", "fq", "1:", "root") + "}", 0, 60}}),
       "tc qdisc change dev eth0 root handle 1: fq flow_limit 16384",
       {Still(Of("fq_flow_limit_drops_total", "fq", "1:", "root") + "}", 60)}},
      {"qdisc_fq_codel_early",
       Dropping("fq_codel", "1:", "root",
                {Limit("limit_packets", "fq_codel", "1:", "root", 10240), Still(codel_full, 0)}),
       "",
       {{codel_full, 0, 60}}},
      {"qdisc_bfifo_full",
       Dropping("bfifo", "10:", "1:10", {Limit("limit_bytes", "bfifo", "10:", "1:10", 8000)}),
       "tc qdisc change dev eth0 parent 1:10 handle 10: bfifo limit 65536",
       {Still(kFull, 61)}},
      {"qdisc_queue_full",
       Dropping("pfifo", "10:", "1:10", {Limit("limit_packets", "pfifo", "10:", "1:10", 5)}),
       "tc qdisc change dev eth0 parent 1:10 handle 10: pfifo limit 128",
       {Still(kFull, 61)}},
      {"qdisc_unknown_limit",
       Dropping("plug", "10:", "1:10", {}),
       "",
       {Limit("limit_packets", "plug", "10:", "1:10", 5)}},
      {"neighbour_queue_full",
       {{lost("neighbour", "unresolved_discards"), 0, 9}},
       "",
       {Still(lost("neighbour", "unresolved_discards"), 9)}},
      {"neighbour_table_full",
       {{table_full, 0, 9}, {"netstack_neighbour_table_full_total{ip_version=\"4\"}", 0, 9}},
       "sysctl -w net.ipv4.neigh.default.gc_thresh3=2048",
       {Still("netstack_neighbour_table_full_total{ip_version=\"4\"}", 9),
        {"netstack_neighbour_table_full_total{ip_version=\"6\"}", 0, 9}}},
      {"neighbour_table_full_ipv6",
       {{table_full, 0, 9}, {"netstack_neighbour_table_full_total{ip_version=\"6\"}", 0, 9}},
       "sysctl -w net.ipv6.neigh.default.gc_thresh3=2048",
       {Still("netstack_neighbour_table_full_total{ip_version=\"6\"}", 9),
        {"netstack_neighbour_table_full_total{ip_version=\"4\"}", 0, 9}}},
      {"device_dropped",
       {{lost("queue", "device_dropped", "eth0"), 0, 9}},
       "",
       {Still(lost("queue", "device_dropped", "eth0"), 9)}},
      {"transmit_fifo",
       {{lost("ring", "fifo_underrun", "eth0"), 0, 9}},
       "",
       {Still(lost("ring", "fifo_underrun", "eth0"), 9)}},
      {"xdp_ring_full",
       {{lost("ring", "xdp_ring_full", "eth0"), 0, 9}},
       "",
       {Still(lost("ring", "xdp_ring_full", "eth0"), 9)}},
      {"transmit_timeout", {{timeout, 0, 1}}, "", {Still(timeout, 1)}},
      {"transmit_ring_full",
       {{requeue, 0, 150}},
       "ethtool -G eth0 tx 512",
       {Still(Tunable("ethtool.rings.tx", "current", "eth0"), 4096)}},
      {"retransmit", {{retransmit, 0, 12}}, "", {{"netstack_tcp_out_segs_total", 1000, 9000}}},
  };
}

std::vector<RuleCase> GeneralCases() {
  const std::string crc =
      "netstack_path_drops_total{path=\"receive\",stage=\"wire\",class=\"error\",cause=\"crc\","
      "device=\"eth0\"}";
  const std::string checksum =
      "netstack_path_drops_total{path=\"receive\",stage=\"tcp\",class=\"error\","
      "cause=\"bad_checksum\"}";
  const std::string policy =
      "netstack_path_drops_total{path=\"receive\",stage=\"ip\",class=\"policy\",cause=\"no_"
      "route\"}";
  const std::string fragments =
      "netstack_path_saturation_ratio{path=\"receive\",stage=\"ip\",resource=\"fragment_memory\"}";
  return {
      {"other_loss",
       {{Loss("receive", "xdp", "unheard_of"), 0, 9}},
       "",
       {Still(Loss("receive", "xdp", "unheard_of"), 9), {policy, 0, 9}}},
      {"damaged_frames", {{crc, 0, 9}}, "", {Still(crc, 9)}},
      {"damaged_packets", {{checksum, 0, 9}}, "", {{policy, 0, 9}, Still(checksum, 9)}},
      {"nearly_full", {Still(fragments, 0.9)}, "", {Still(fragments, 0.5)}},
  };
}

}  // namespace netstack::testing
