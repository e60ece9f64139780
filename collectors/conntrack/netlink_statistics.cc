#include "collectors/conntrack/netlink_statistics.h"

#include <endian.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/netlink.h>
#include <sys/socket.h>

#include <array>

#include "kernel/netlink/attribute.h"

namespace netstack::conntrack {
namespace {

constexpr std::uint16_t kAsk = (NFNL_SUBSYS_CTNETLINK << 8) | IPCTNL_MSG_CT_GET_STATS_CPU;

struct AttributeRow {
  std::uint16_t type;
  std::string_view column;
};
constexpr auto kAttributes = std::to_array<AttributeRow>({
    {CTA_STATS_FOUND, "found"},
    {CTA_STATS_INVALID, "invalid"},
    {CTA_STATS_INSERT, "insert"},
    {CTA_STATS_INSERT_FAILED, "insert_failed"},
    {CTA_STATS_DROP, "drop"},
    {CTA_STATS_EARLY_DROP, "early_drop"},
    {CTA_STATS_ERROR, "icmp_error"},
    {CTA_STATS_SEARCH_RESTART, "search_restart"},
    {CTA_STATS_CLASH_RESOLVE, "clashres"},
    {CTA_STATS_CHAIN_TOOLONG, "chaintoolong"},
});

void Add(std::string_view column, std::uint32_t value, PerCpuStat& out) {
  for (PerCpuStat::Column& known : out.columns) {
    if (known.name != column) continue;
    known.sum += value;
    return;
  }
  out.columns.push_back({.name = std::string(column), .sum = value});
}

}  // namespace

NetlinkStatistics::NetlinkStatistics(NetlinkSource& source) : source_(source) {
  request_.AddHeader(nfgenmsg{.nfgen_family = AF_UNSPEC, .version = NFNETLINK_V0, .res_id = 0});
  visit_ = [this](const NetlinkMessage& message) { Visit(message); };
  restart_ = [this] {
    for (PerCpuStat::Column& column : out_->columns) column.sum = 0;
  };
}

Status NetlinkStatistics::Read(PerCpuStat& out) {
  if (port_ == nullptr) {
    Result<std::unique_ptr<NetlinkPort>> port = source_.Open(NETLINK_NETFILTER);
    if (!port) return port.error();
    port_ = std::move(*port);
  }
  out_ = &out;
  malformed_ = false;
  restart_();
  Status asked = port_->Request(kAsk, NLM_F_DUMP, request_.payload(), visit_, restart_);
  if (asked && malformed_) return MalformedAt("netlink netfilter conntrack", 0, "cut short", "");
  return asked;
}

void NetlinkStatistics::Visit(const NetlinkMessage& message) {
  NetlinkAttributes attributes(AfterHeader(message.payload, sizeof(nfgenmsg)));
  NetlinkAttribute attribute;
  while (attributes.Next(attribute)) {
    for (const AttributeRow& row : kAttributes) {
      if (row.type != attribute.type) continue;
      const auto value = attribute.U32();
      if (value) Add(row.column, be32toh(*value), *out_);
      malformed_ = malformed_ || !value;
    }
  }
  malformed_ = malformed_ || attributes.malformed();
}

}  // namespace netstack::conntrack
