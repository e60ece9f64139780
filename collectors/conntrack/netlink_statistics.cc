#include "collectors/conntrack/netlink_statistics.h"

#include <endian.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/netlink.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <span>

#include "kernel/netlink/attribute.h"
#include "kernel/netlink/open_once.h"

namespace netstack::conntrack {
namespace {

constexpr std::size_t kModuleFileSize = 16;

struct AttributeRow {
  std::uint16_t type;
  std::string_view column;
};
constexpr auto kOfTable = std::to_array<AttributeRow>({
    {CTA_STATS_GLOBAL_ENTRIES, "entries"},
    {CTA_STATS_GLOBAL_MAX_ENTRIES, "max"},
});
constexpr auto kOfCpu = std::to_array<AttributeRow>({
    {CTA_STATS_SEARCHED, "searched"},
    {CTA_STATS_FOUND, "found"},
    {CTA_STATS_NEW, "new"},
    {CTA_STATS_INVALID, "invalid"},
    {CTA_STATS_IGNORE, "ignore"},
    {CTA_STATS_DELETE, "delete"},
    {CTA_STATS_DELETE_LIST, "delete_list"},
    {CTA_STATS_INSERT, "insert"},
    {CTA_STATS_INSERT_FAILED, "insert_failed"},
    {CTA_STATS_DROP, "drop"},
    {CTA_STATS_EARLY_DROP, "early_drop"},
    {CTA_STATS_ERROR, "icmp_error"},
    {CTA_STATS_SEARCH_RESTART, "search_restart"},
    {CTA_STATS_CLASH_RESOLVE, "clashres"},
    {CTA_STATS_CHAIN_TOOLONG, "chaintoolong"},
});
constexpr auto kOfExpectations = std::to_array<AttributeRow>({
    {CTA_STATS_EXP_NEW, "expect_new"},
    {CTA_STATS_EXP_CREATE, "expect_create"},
    {CTA_STATS_EXP_DELETE, "expect_delete"},
});

constexpr std::uint16_t Message(unsigned subsystem, unsigned message) {
  return static_cast<std::uint16_t>(subsystem << 8 | message);
}

void Add(std::string_view column, std::uint32_t value, PerCpuStat& out) {
  for (PerCpuStat::Column& known : out.columns) {
    if (known.name != column) continue;
    known.sum += value;
    return;
  }
  out.columns.push_back({.name = std::string(column), .sum = value});
}

}  // namespace

struct NetlinkStatistics::Question {
  std::uint16_t type;
  std::uint16_t flags;
  std::span<const AttributeRow> attributes;
};

constexpr std::array<NetlinkStatistics::Question, 3> NetlinkStatistics::kQuestions = {{
    {Message(NFNL_SUBSYS_CTNETLINK, IPCTNL_MSG_CT_GET_STATS), 0, kOfTable},
    {Message(NFNL_SUBSYS_CTNETLINK, IPCTNL_MSG_CT_GET_STATS_CPU), NLM_F_DUMP, kOfCpu},
    {Message(NFNL_SUBSYS_CTNETLINK_EXP, IPCTNL_MSG_EXP_GET_STATS_CPU), NLM_F_DUMP, kOfExpectations},
}};

NetlinkStatistics::NetlinkStatistics(const Kernel& kernel)
    : source_(kernel.netlink),
      module_(kernel.SysFile("module/nf_conntrack_netlink/initstate", kModuleFileSize)),
      tracking_module_(kernel.SysFile("module/nf_conntrack/initstate", kModuleFileSize)),
      tracking_(kernel.SysFile("module/nf_conntrack/parameters/acct", kModuleFileSize)) {
  request_.AddHeader(nfgenmsg{.nfgen_family = AF_UNSPEC, .version = NFNETLINK_V0, .res_id = 0});
  visit_ = [this](const NetlinkMessage& message) { Visit(message); };
  restart_ = [this] {
    for (PerCpuStat::Column& column : out_->columns) {
      if (std::ranges::find(asked_->attributes, column.name, &AttributeRow::column) !=
          asked_->attributes.end()) {
        column.sum = 0;
      }
    }
  };
}

bool NetlinkStatistics::IsLoaded() {
  // Looked at first, because to read what is not there allocates an error.
  const auto is_there = [](File& file) {
    const Result<bool> exists = FileExists(file.path());
    return exists && *exists && file.Read();
  };
  if (is_built_in_ || is_there(module_)) return true;
  // What is built in has parameters and no state.
  is_built_in_ = !is_there(tracking_module_) && is_there(tracking_);
  return is_built_in_;
}

Status NetlinkStatistics::Read(PerCpuStat& out) {
  if (Status opened = OpenOnce(source_, NETLINK_NETFILTER, port_); !opened) return opened;
  out_ = &out;
  malformed_ = false;
  for (PerCpuStat::Column& column : out.columns) column.sum = 0;
  for (const Question& question : kQuestions) {
    asked_ = &question;
    Status asked =
        port_->Request(question.type, question.flags, request_.payload(), visit_, restart_);
    if (!asked) return asked;
  }
  if (malformed_) return MalformedAt("netlink netfilter conntrack", 0, "cut short", "");
  return {};
}

void NetlinkStatistics::Visit(const NetlinkMessage& message) {
  NetlinkAttributes attributes(AfterHeader(message.payload, sizeof(nfgenmsg)));
  NetlinkAttribute attribute;
  while (attributes.Next(attribute)) {
    for (const AttributeRow& row : asked_->attributes) {
      if (row.type != attribute.type) continue;
      const auto value = attribute.U32();
      if (value) Add(row.column, be32toh(*value), *out_);
      malformed_ = malformed_ || !value;
    }
  }
  malformed_ = malformed_ || attributes.malformed();
}

}  // namespace netstack::conntrack
