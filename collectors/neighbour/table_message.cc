#include "collectors/neighbour/table_message.h"

#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

#include <string_view>

#include "kernel/netlink/attribute.h"

namespace netstack::neighbour {
namespace {

constexpr std::string_view kPath = "netlink route neighbour table";
constexpr std::size_t kOldStats = offsetof(ndt_stats, ndts_table_fulls);

struct NumberRow {
  std::uint16_t type;
  std::optional<std::uint32_t> Table::*field;
};
constexpr NumberRow kNumbers[] = {
    {NDTA_THRESH1, &Table::threshold1},
    {NDTA_THRESH2, &Table::threshold2},
    {NDTA_THRESH3, &Table::threshold3},
};

Error Malformed(std::string_view what) {
  return MalformedAt(kPath, 0, what, "");
}

Status ParseStats(std::span<const std::byte> data, Table& out) {
  ndt_stats stats = {};
  const bool whole = ReadHeader(data, stats);
  if (!whole && !CopyFront(data, &stats, kOldStats)) return Malformed("short statistics");
  out.stats = {.allocs = stats.ndts_allocs,
               .destroys = stats.ndts_destroys,
               .hash_grows = stats.ndts_hash_grows,
               .res_failed = stats.ndts_res_failed,
               .lookups = stats.ndts_lookups,
               .hits = stats.ndts_hits,
               .rcv_probes_mcast = stats.ndts_rcv_probes_mcast,
               .rcv_probes_ucast = stats.ndts_rcv_probes_ucast,
               .periodic_gc_runs = stats.ndts_periodic_gc_runs,
               .forced_gc_runs = stats.ndts_forced_gc_runs};
  if (whole) out.stats->table_fulls = stats.ndts_table_fulls;
  return {};
}

Status ParseConfig(std::span<const std::byte> data, Table& out) {
  ndt_config config;
  if (!ReadHeader(data, config)) return Malformed("short configuration");
  out.entries = config.ndtc_entries;
  return {};
}

Status ParseAttribute(const NetlinkAttribute& attribute, Table& out) {
  for (const NumberRow& row : kNumbers) {
    if (row.type != attribute.type) continue;
    out.*row.field = attribute.U32();
    if (!(out.*row.field)) return Malformed("a short threshold");
  }
  if (attribute.type == NDTA_CONFIG) return ParseConfig(attribute.data, out);
  if (attribute.type == NDTA_STATS) return ParseStats(attribute.data, out);
  return {};
}

}  // namespace

Status ParseTableMessage(std::span<const std::byte> payload, Table& out) {
  out = {};
  ndtmsg header;
  if (!ReadHeader(payload, header)) return Malformed("a message without its header");
  out.family = header.ndtm_family;
  NetlinkAttributes attributes(AfterHeader(payload, sizeof header));
  NetlinkAttribute attribute;
  while (attributes.Next(attribute)) {
    if (Status parsed = ParseAttribute(attribute, out); !parsed) return parsed;
  }
  if (attributes.malformed()) return Malformed("an attribute does not fit");
  return {};
}

Status ParseEntryMessage(std::span<const std::byte> payload, Entry& out) {
  ndmsg header;
  if (!ReadHeader(payload, header)) return Malformed("an entry without its header");
  out = {.family = header.ndm_family, .state = header.ndm_state};
  return {};
}

}  // namespace netstack::neighbour
