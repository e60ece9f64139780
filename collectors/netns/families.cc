#include "collectors/netns/families.h"

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "collectors/catalog.h"

namespace netstack::netns {
namespace {

constexpr auto kOwnFamilies = std::to_array<Family>({
    {.name = "netstack_netns_info",
     .type = MetricType::kInfo,
     .labels = {"found_by", "netns"},
     .help = "A network namespace beside the exporter's own.",
     .source = "/run/netns, /proc/PID/ns/net",
     .reading = "The name is that of ip netns, of a container (12 digits) or of a service."},
    {.name = "netstack_netns_collector_state",
     .labels = {"collector", "state", "netns"},
     .help = "1 for the state in which a collector ended in another network namespace.",
     .reading =
         "no_permission: entering needs CAP_SYS_ADMIN; without it there is what /proc/PID/net "
         "shows, where a process of that namespace is known."},
    {.name = "netstack_netns_namespaces",
     .labels = {"state"},
     .help = "Network namespaces that were found, by what became of them; processes for hidden.",
     .reading = "beyond_cap: raise --collector.netns.max-namespaces. not_reached: the walk took "
                "longer than max-time. unnamed: of no container or "
                "service, or of one whose name is taken. hidden: processes whose namespace this "
                "user may not see."},
    {.name = "netstack_netns_walk_timestamp_seconds",
     .help = "When the walk over other network namespaces began whose results these are.",
     .source = "the walk itself",
     .reading = "Long ago: walks take longer than max-wait, and scrapes show the one before."},
    {.name = "netstack_netns_walk_duration_seconds",
     .help = "Time the walk over other network namespaces took.",
     .source = "the walk itself"},
});

// One for the whole host whatever namespace is asked: they are on the page once.
constexpr auto kHostWide = std::to_array<std::string_view>({
    "netstack_sockstat_tcp_orphans",
    "netstack_sockstat_tcp_orphans_limit",
    "netstack_sockstat_tcp_allocated",
    "netstack_sockstat_tcp_memory_bytes",
    "netstack_sockstat_tcp_memory_limit_bytes",
    "netstack_sockstat_udp_memory_bytes",
    "netstack_sockstat_udp_memory_limit_bytes",
});

struct Tables {
  std::vector<Family> families;
  std::vector<std::vector<std::size_t>> places;  // By member.
};

Tables Make() {
  Tables tables;
  tables.families.assign(kOwnFamilies.begin(), kOwnFamilies.end());
  for (const Member& member : kMembers) {
    std::vector<std::size_t>& places = tables.places.emplace_back();
    for (const Family& family : DeclarationOf(member).families) {
      const std::size_t labels = family.label_count();
      const bool left_out =
          labels == kMaxLabels || std::ranges::find(kHostWide, family.name) != kHostWide.end();
      places.push_back(left_out ? kLeftOut : tables.families.size());
      if (left_out) continue;
      tables.families.push_back(family);
      tables.families.back().labels[labels] = "netns";
    }
  }
  return tables;
}

const Tables& AllTables() {
  static const Tables tables = Make();
  return tables;
}

}  // namespace

const CollectorDeclaration& DeclarationOf(const Member& member) {
  const auto all = Catalog();
  const auto found = std::ranges::find(all, member.collector, &CollectorDeclaration::name);
  if (found == all.end()) std::abort();  // A row of kMembers is wrong.
  return **found;
}

std::span<const Family> Families() {
  return AllTables().families;
}

std::span<const std::size_t> PlacesOf(std::size_t member) {
  return AllTables().places[member];
}

}  // namespace netstack::netns
