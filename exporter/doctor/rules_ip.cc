#include "exporter/doctor/compute.h"
#include "exporter/doctor/rule.h"

namespace netstack {
namespace {

constexpr std::string_view kTunable = "netstack_tunable";

constexpr Selector Lost(std::string_view stage, std::string_view cause) {
  return {"netstack_path_drops_total",
          {{{"path", "receive"}, {"stage", stage}, {"cause", cause}, {"class", "loss"}}}};
}

constexpr auto kFragmentFacts = std::to_array<FactRow>({
    {"now", Measure::kNow, {kTunable, {{{"name", "net.ipv4.ipfrag_high_thresh"}}}}},
    {"memory", Measure::kMost, {"netstack_sockstat_frag_memory_bytes"}},
    {"fragments", Measure::kRise, {"netstack_ip_reasm_reqds_total"}},
    {"done", Measure::kRise, {"netstack_ip_reasm_oks_total"}},
    {"seconds_kept", Measure::kNow, {kTunable, {{{"name", "net.ipv4.ipfrag_time"}}}}},
});

constexpr auto kConntrackFacts = std::to_array<FactRow>({
    {"now", Measure::kNow, {"netstack_conntrack_entries_limit"}},
    {"entries", Measure::kNow, {"netstack_conntrack_entries"}},
    {"fill", Measure::kMost, {"netstack_path_saturation_ratio", {{{"resource", "conntrack"}}}}},
    {"evicted", Measure::kRise, {"netstack_conntrack_early_drops_total"}},
    {"established",
     Measure::kNow,
     {kTunable, {{{"name", "net.netfilter.nf_conntrack_tcp_timeout_established"}}}}},
});

constexpr auto kRules = std::to_array<Rule>({
    {.id = "ip_no_memory",
     .path = Path::kReceive,
     .stage = Stage::kIp,
     .evidence = Lost("ip", "no_memory"),
     .facts = {},
     .title = "{rise} IP packets lost for want of memory",
     .cause = "The kernel could not get memory for a packet at once.",
     .change = {{{"",
                  "Find what takes the memory (free, slabtop); a larger vm.min_free_kbytes keeps "
                  "more in reserve for interrupts."}}},
     .verify = "netstack_ip_in_discards_total stands still."},
    {.id = "reassembly_timeout",
     .path = Path::kReceive,
     .stage = Stage::kIp,
     .weight = 2,
     .evidence = Lost("ip", "reassembly_timeout"),
     .facts = kFragmentFacts,
     .title = "{rise} datagrams lost because some of their fragments did not come",
     .cause =
         "Fragments are lost before they reach this host (or at an earlier stage here), and the "
         "rest is thrown away after {seconds_kept} s.",
     .checked = {{{"Of {fragments} fragments {done} datagrams were put together.",
                   Known("fragments")}}},
     .change = {{{"",
                  "Look for the sender's fragmentation: a path MTU or tunnel that is too small. A "
                  "longer net.ipv4.ipfrag_time does not bring lost fragments back."}}},
     .verify = "netstack_ip_reasm_timeout_total stands still."},
    {.id = "reassembly_no_memory",
     .path = Path::kReceive,
     .stage = Stage::kIp,
     .weight = 2,
     .evidence = Lost("ip", "reassembly_failed"),
     .facts = kFragmentFacts,
     .compute = {Doubled},
     .when = {Known("now")},
     .title = "{rise} datagrams lost in reassembly",
     .cause = "The memory for fragments ({now} bytes, net.ipv4.ipfrag_high_thresh) was used up, or "
              "fragments overlapped.",
     .checked = {{{"{memory} bytes of fragments are held now.", Known("memory")}}},
     .change = {{{"sysctl -w net.ipv4.ipfrag_high_thresh={new}",
                  "For IPv6 it is net.ipv6.ip6frag_high_thresh."}}},
     .cost = "Up to {new} bytes of kernel memory for fragments, also those of an attacker.",
     .verify = "netstack_ip_reasm_fails_total stands still.",
     .undo = "sysctl -w net.ipv4.ipfrag_high_thresh={now}"},

    {.id = "conntrack_full",
     .path = Path::kReceive,
     .stage = Stage::kNetfilter,
     .weight = 20,
     .evidence = Lost("netfilter", "conntrack_full"),
     .facts = kConntrackFacts,
     .compute = {Doubled},
     .when = {AtLeast("fill", 0.9)},
     .title = "{rise} packets lost because the table of connections was full",
     .cause =
         "{entries} of at most {now} connections are tracked (net.netfilter.nf_conntrack_max).",
     .checked = {{{"No connection was evicted to make room: all are established.",
                   Equals("evicted", 0)},
                  {"{evicted} connections were evicted to make room.", Above("evicted", 0)}}},
     .change = {{{"sysctl -w net.netfilter.nf_conntrack_max={new}", "Set on the host."},
                 {"",
                  "Or keep less: a shorter nf_conntrack_tcp_timeout_established (now "
                  "{established} s), or notrack for traffic that needs no tracking.",
                  Known("established")}}},
     .cost = "About 320 bytes for each connection, and longer hash chains unless "
             "nf_conntrack_buckets grows, too.",
     .verify = "netstack_conntrack_drops_total stands still and the table is not full.",
     .undo = "sysctl -w net.netfilter.nf_conntrack_max={now}"},
    {.id = "conntrack_race",
     .path = Path::kReceive,
     .stage = Stage::kNetfilter,
     .weight = 20,
     .evidence = Lost("netfilter", "conntrack_full"),
     .facts = kConntrackFacts,
     .title = "{rise} packets lost while entering the table of connections",
     .cause = "The table has room ({entries} of {now}), so two packets of one new flow met: the "
              "second is lost. Typical for DNS, where A and AAAA leave at once.",
     .checked = {{{"The table is not full.", Below("fill", 0.9)}}},
     .change = {{{"",
                  "Do not track that traffic (nft ... notrack), or let the resolver send one "
                  "question at a time (options single-request)."}}},
     .verify = "netstack_conntrack_drops_total stands still."},
    {.id = "conntrack_chain_too_long",
     .path = Path::kReceive,
     .stage = Stage::kNetfilter,
     .weight = 20,
     .evidence = Lost("netfilter", "conntrack_chain_too_long"),
     .facts = kConntrackFacts,
     .title = "{rise} packets lost because a hash chain of the connection table was too long",
     .cause = "The table has too few buckets for {entries} connections.",
     .change = {{{"sysctl -w net.netfilter.nf_conntrack_buckets={now}",
                  "As many buckets as connections. Set on the host."}}},
     .cost = "8 bytes for each bucket.",
     .verify = "netstack_conntrack_chain_too_long_total stands still.",
     .undo = "Write back the former nf_conntrack_buckets."},
});

}  // namespace

std::span<const Rule> StackReceiveRules() {
  return kRules;
}

}  // namespace netstack
