#pragma once

#include <array>
#include <string_view>

#include "model/family.h"

namespace netstack::conntrack {

constexpr Family Gauge(std::string_view name, Role role, std::string_view help,
                       std::string_view source, std::string_view reading = {}) {
  return {.name = name,
          .path = Path::kReceive,
          .stage = Stage::kNetfilter,
          .role = role,
          .help = help,
          .source = source,
          .reading = reading};
}

// Of a column of /proc/net/stat/nf_conntrack, or what ctnetlink tells of it, added up over CPUs. 32
// bits wide on each.
constexpr Family Counter(std::string_view name, Role role, std::string_view help,
                         std::string_view source, std::string_view reading = {}) {
  Family family = Gauge(name, role, help, source, reading);
  family.type = MetricType::kCounter;
  family.width = Width::k32;
  return family;
}

inline constexpr auto kFamilies = std::to_array<Family>({
    Gauge("netstack_conntrack_entries", Role::kDepth,
          "Connections that are tracked in this network namespace.",
          "/proc/sys/net/netfilter/nf_conntrack_count",
          "Near the limit: new connections push out others, then they are lost."),
    Gauge("netstack_conntrack_entries_limit", Role::kLimit,
          "Connections that each network namespace may track.",
          "/proc/sys/net/netfilter/nf_conntrack_max; one for the whole host"),
    Gauge("netstack_conntrack_buckets", Role::kTunable,
          "Buckets of the table, which all network namespaces share.",
          "/proc/sys/net/netfilter/nf_conntrack_buckets",
          "More than a few entries for each bucket make every search slow."),
    Counter("netstack_conntrack_drops_total", Role::kDrop,
            "Packets lost because the table was full, or because two packets of one connection "
            "raced to enter it.",
            "/proc/net/stat/nf_conntrack drop; 32 bits",
            "Rising: compare netstack_conntrack_entries with the limit; raise nf_conntrack_max or "
            "shorten timeouts."),
    Counter("netstack_conntrack_chain_too_long_total", Role::kDrop,
            "Packets of new connections lost because their hash chain was too long.",
            "/proc/net/stat/nf_conntrack chainlength (chaintoolong); since Linux 5.15; 32 bits",
            "Rising: too few buckets (nf_conntrack_buckets)."),
    Counter("netstack_conntrack_early_drops_total", Role::kPressure,
            "Connections thrown out of a full table to make room; the packet passed.",
            "/proc/net/stat/nf_conntrack early_drop; 32 bits",
            "Rising: the table is full, and connections without traffic in both directions are "
            "forgotten."),
    Counter("netstack_conntrack_insert_failures_total", Role::kPressure,
            "Connections that could not be entered into the table.",
            "/proc/net/stat/nf_conntrack insert_failed; 32 bits",
            "Contains clashes, of which drops has those that cost a packet, and chain_too_long. "
            "Not to be added to them."),
    Counter("netstack_conntrack_invalid_total", Role::kInfo,
            "Packets that belong to no connection and cannot begin one.",
            "/proc/net/stat/nf_conntrack invalid; 32 bits", "Lost only where a rule says so."),
    Counter("netstack_conntrack_clashes_resolved_total", Role::kInfo,
            "Races to enter a connection that cost no packet.",
            "/proc/net/stat/nf_conntrack clashres; since Linux 5.10; 32 bits"),
    Counter("netstack_conntrack_search_restarts_total", Role::kPressure,
            "Searches begun anew because the table was resized meanwhile.",
            "/proc/net/stat/nf_conntrack search_restart; 32 bits"),
    Counter("netstack_conntrack_icmp_errors_total", Role::kInfo,
            "ICMP errors that could not be attributed to a connection.",
            "/proc/net/stat/nf_conntrack icmp_error; 32 bits"),
    Counter("netstack_conntrack_found_total", Role::kFlow,
            "Searches that found the connection, on the slow path.",
            "/proc/net/stat/nf_conntrack found; 32 bits"),
    Counter("netstack_conntrack_insertions_total", Role::kFlow,
            "Connections entered into the table by hand or by synchronisation; those of traffic "
            "are not counted.",
            "/proc/net/stat/nf_conntrack insert; 32 bits"),
    Counter("netstack_conntrack_expectations_new_total", Role::kFlow,
            "Connections that a helper had expected.",
            "/proc/net/stat/nf_conntrack expect_new; 32 bits"),
    Counter("netstack_conntrack_expectations_created_total", Role::kFlow,
            "Expectations made by helpers.", "/proc/net/stat/nf_conntrack expect_create; 32 bits"),
    Counter("netstack_conntrack_expectations_deleted_total", Role::kFlow, "Expectations deleted.",
            "/proc/net/stat/nf_conntrack expect_delete; 32 bits"),
    Counter("netstack_conntrack_searched_total", Role::kFlow,
            "Entries searched, by kernels that count it.",
            "/proc/net/stat/nf_conntrack searched; before Linux 5.10; 32 bits"),
    Counter("netstack_conntrack_new_total", Role::kFlow,
            "New connections, by kernels that count them.",
            "/proc/net/stat/nf_conntrack new; 0 in kernels of today; 32 bits"),
    Counter("netstack_conntrack_ignored_total", Role::kInfo,
            "Packets that were not tracked, by kernels that count them.",
            "/proc/net/stat/nf_conntrack ignore; 0 in kernels of today; 32 bits"),
    Counter("netstack_conntrack_deleted_total", Role::kFlow,
            "Connections deleted, by kernels that count them.",
            "/proc/net/stat/nf_conntrack delete; 0 in kernels of today; 32 bits"),
    Counter("netstack_conntrack_dying_total", Role::kFlow,
            "Connections put on the list of the dying, by kernels that count them.",
            "/proc/net/stat/nf_conntrack delete_list; before Linux 5.10; 32 bits"),
    {.name = "netstack_conntrack_source_info",
     .type = MetricType::kInfo,
     .labels = {"source"},
     .help = "Where the numbers of connection tracking are from: netlink or proc; no_permission "
             "where they are hidden from this program.",
     .source = "ctnetlink with CAP_NET_ADMIN, if it is loaded; else files of /proc",
     .reading = "netlink and proc have the same numbers. no_permission: this kernel has no "
                "/proc/net/stat/nf_conntrack, and only CAP_NET_ADMIN shows its losses."},
});
static_assert(FirstFault(kFamilies) == nullptr);

enum FamilyIndex : std::size_t {
  kEntries,
  kEntriesLimit,
  kBuckets,
  kDrop,
  kChainTooLong,
  kEarlyDrop,
  kInsertFailed,
  kInvalid,
  kClashResolved,
  kSearchRestart,
  kError,
  kFound,
  kInsert,
  kExpectNew,
  kExpectCreate,
  kExpectDelete,
  kSearched,
  kNew,
  kIgnore,
  kDelete,
  kDeleteList,
  kSource,
};
static_assert(kFamilies[kSource].name == "netstack_conntrack_source_info");
static_assert(kFamilies.size() == kSource + 1);

}  // namespace netstack::conntrack
