#include "collectors/qdisc/qdisc_message.h"

#include <linux/gen_stats.h>
#include <linux/rtnetlink.h>

#include <string_view>

#include "kernel/netlink/attribute.h"

namespace netstack::qdisc {
namespace {

constexpr std::string_view kPath = "netlink route qdisc";

Error Malformed(const Qdisc& qdisc, std::string_view what) {
  return MalformedAt(kPath, 0, what, qdisc.kind);
}

void Reset(Qdisc& out) {
  out.kind.clear();
  out.bytes = out.packets = 0;
  out.queue_length = out.backlog = out.drops = out.requeues = out.overlimits = 0;
  out.has_stats = false;
  out.options.clear();
  out.own.clear();
}

void Keep(std::span<const std::byte> data, std::vector<std::byte>& out) {
  out.assign(data.begin(), data.end());
}

Status ParseBasic(std::span<const std::byte> data, Qdisc& out) {
  gnet_stats_basic basic;
  if (!ReadHeader(data, basic)) return Malformed(out, "short basic statistics");
  out.bytes = basic.bytes;
  out.packets = basic.packets;
  return {};
}

Status ParseQueue(std::span<const std::byte> data, Qdisc& out) {
  gnet_stats_queue queue;
  if (!ReadHeader(data, queue)) return Malformed(out, "short queue statistics");
  out.queue_length = queue.qlen;
  out.backlog = queue.backlog;
  out.drops = queue.drops;
  out.requeues = queue.requeues;
  out.overlimits = queue.overlimits;
  out.has_stats = true;
  return {};
}

Status ParseStats(std::span<const std::byte> data, Qdisc& out) {
  NetlinkAttributes attributes(data);
  NetlinkAttribute attribute;
  std::optional<std::uint64_t> packets64;
  while (attributes.Next(attribute)) {
    Status parsed;
    if (attribute.type == TCA_STATS_BASIC) parsed = ParseBasic(attribute.data, out);
    if (attribute.type == TCA_STATS_QUEUE) parsed = ParseQueue(attribute.data, out);
    if (attribute.type == TCA_STATS_APP) Keep(attribute.data, out.own);
    if (attribute.type == TCA_STATS_PKT64) packets64 = attribute.U64();
    if (!parsed) return parsed;
  }
  if (attributes.malformed()) return Malformed(out, "a statistic does not fit");
  // Only there when the 32 bits are not enough.
  if (packets64) out.packets = *packets64;
  return {};
}

}  // namespace

Status ParseQdiscMessage(std::span<const std::byte> payload, Qdisc& out) {
  Reset(out);
  tcmsg header;
  if (!ReadHeader(payload, header)) return Malformed(out, "a message without its header");
  out.device = header.tcm_ifindex;
  out.handle = header.tcm_handle;
  out.parent = header.tcm_parent;
  NetlinkAttributes attributes(AfterHeader(payload, sizeof header));
  NetlinkAttribute attribute;
  while (attributes.Next(attribute)) {
    if (attribute.type == TCA_KIND) out.kind = attribute.Text();
    if (attribute.type == TCA_OPTIONS) Keep(attribute.data, out.options);
    if (attribute.type != TCA_STATS2) continue;
    if (Status parsed = ParseStats(attribute.data, out); !parsed) return parsed;
  }
  if (attributes.malformed()) return Malformed(out, "an attribute does not fit");
  if (out.device <= 0 || out.kind.empty()) return Malformed(out, "without kind or device");
  return {};
}

}  // namespace netstack::qdisc
