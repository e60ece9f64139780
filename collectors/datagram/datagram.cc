#include <linux/netlink.h>
#include <netinet/in.h>

#include <array>
#include <functional>
#include <memory>
#include <vector>

#include "collectors/collector.h"
#include "collectors/datagram/families.h"
#include "collectors/datagram/in_use.h"
#include "collectors/datagram/port_table.h"
#include "collectors/datagram/source.h"
#include "collectors/number_label.h"
#include "collectors/port_set.h"
#include "kernel/missing.h"
#include "kernel/netlink/open_once.h"
#include "kernel/text.h"

namespace netstack::datagram {
namespace {

constexpr auto kOptions = std::to_array<OptionSpec>({
    {.name = "ports",
     .kind = OptionSpec::Kind::kList,
     .default_value = "",
     .help = "Ports and ranges of ports (40000-40010) to show on their own though they are in "
             "net.ipv4.ip_local_port_range."},
});

// Its usual size.
constexpr std::size_t kRangeSize = 32;

using Kind = SourceRow::Kind;

constexpr SourceRow Udp(std::string_view protocol, std::uint8_t ip_protocol,
                        std::string_view ip_version) {
  return {.kind = Kind::kInet,
          .protocol = protocol,
          .ip_version = ip_version,
          .family = static_cast<std::uint8_t>(ip_version == "6" ? AF_INET6 : AF_INET),
          .ip_protocol = ip_protocol,
          .has_port = true,
          .has_limit = true};
}
constexpr SourceRow Raw(std::string_view ip_version, std::string_view file) {
  return {.kind = Kind::kRawFile,
          .protocol = "raw",
          .ip_version = ip_version,
          .file = file,
          .has_port = true};
}

constexpr auto kSources = std::to_array<SourceRow>({
    Udp("udp", IPPROTO_UDP, "4"),
    Udp("udp", IPPROTO_UDP, "6"),
    Udp("udplite", IPPROTO_UDPLITE, "4"),
    Udp("udplite", IPPROTO_UDPLITE, "6"),
    Raw("4", "net/raw"),
    Raw("6", "net/raw6"),
    {.kind = Kind::kPacket, .protocol = "packet", .has_limit = true},
    {.kind = Kind::kUnix, .protocol = "unix", .has_drops = false},
    {.kind = Kind::kNetlinkFile, .protocol = "netlink", .file = "net/netlink"},
});

class DatagramCollector : public Collector {
 public:
  DatagramCollector(const Kernel& kernel, const OptionValues& options)
      : kernel_(kernel),
        range_file_(kernel.ProcFile("sys/net/ipv4/ip_local_port_range", kRangeSize)),
        in_use_(kernel) {
    settings_ = always_shown_.Add(options.List("ports"), "datagram.ports");
    for (const SourceRow& row : kSources) sources_.emplace_back(row, kernel_);
    tables_.resize(kSources.size());
  }

  Outcome Collect(Samples& out) override {
    if (!settings_) return Outcome::FromError(settings_.error());
    if (Status opened = OpenOnce(kernel_.netlink, NETLINK_SOCK_DIAG, port_); !opened) {
      return Outcome::FromError(opened.error());
    }
    ReadRange();
    in_use_.Update();
    std::optional<Error> fault;
    std::optional<Error> absence;
    bool any = false;
    for (std::size_t i = 0; i < sources_.size(); ++i) {
      const Status read = CollectSource(sources_[i], tables_[i], out);
      any = any || read.ok();
      if (read) continue;
      // No IPv6, or no UDP-Lite (gone from the newest kernels), is no fault.
      std::optional<Error>& first = IsMissing(read.error()) ? absence : fault;
      if (!first) first = read.error();
    }
    if (!any) return Outcome::FromError(fault ? *fault : *absence);
    if (fault) return {.state = CollectorState::kPartial, .error = std::move(fault)};
    return {};
  }

 private:
  // Ports that the kernel gives to sockets which did not ask for one.
  void ReadRange() {
    first_ephemeral_ = 32768;
    last_ephemeral_ = 60999;
    const Result<std::string_view> text = range_file_.Read();
    if (!text) return;
    std::string_view rest = *text;
    std::string_view low;
    std::string_view high;
    if (!NextWord(rest, low) || !NextWord(rest, high)) return;
    first_ephemeral_ = ParseDecimal(low).value_or(first_ephemeral_);
    last_ephemeral_ = ParseDecimal(Trimmed(high)).value_or(last_ephemeral_);
  }

  std::uint32_t ShownPort(const SourceRow& row, const DatagramSocket& socket) const {
    if (!row.has_port) return 0;
    if (row.kind == Kind::kRawFile || always_shown_.Has(socket.port)) return socket.port;
    const bool ephemeral = socket.port >= first_ephemeral_ && socket.port <= last_ephemeral_;
    return socket.connected || ephemeral ? PortSum::kOther : socket.port;
  }

  Status CollectSource(Source& source, PortTable& table, Samples& out) {
    const SourceRow& row = source.row();
    table.Begin();
    const auto add = [&](const DatagramSocket& socket) {
      table.Add(socket, ShownPort(row, socket));
    };
    if (!in_use_.HasNone(row)) {
      if (Status read = source.Read(*port_, std::ref(add)); !read) return read;
    }
    for (const PortSum& sum : table.End()) Add(row, sum, out);
    if (row.kind == Kind::kRawFile) out.Add(kFamilies[kRawDrops], {row.ip_version}, table.drops());
    return {};
  }

  static void Add(const SourceRow& row, const PortSum& sum, Samples& out) {
    const NumberLabel number(sum.port);
    const std::string_view port = !row.has_port                 ? std::string_view{}
                                  : sum.port == PortSum::kOther ? std::string_view("other")
                                                                : number;
    const auto add = [&](FamilyIndex index, Number value) {
      out.Add(kFamilies[index], {row.protocol, port, row.ip_version}, value);
    };
    add(kSockets, sum.sockets);
    add(kQueue, sum.bytes);
    if (row.has_limit) {
      add(kLimit, sum.limit);
      add(kFill, sum.fill);
    }
    if (row.has_drops) add(kDrops, sum.drops);
  }

  Kernel kernel_;
  File range_file_;
  InUse in_use_;
  PortSet always_shown_;
  Status settings_;
  std::vector<Source> sources_;
  std::vector<PortTable> tables_;  // Beside sources_.
  std::unique_ptr<NetlinkPort> port_;
  std::uint64_t first_ephemeral_ = 0;
  std::uint64_t last_ephemeral_ = 0;
};

}  // namespace

extern const CollectorDeclaration kCollector;
const CollectorDeclaration kCollector = {
    .name = "datagram",
    .summary = "UDP, raw, packet, unix and netlink sockets by local port: receive queue and drops.",
    .may_block = true,
    .families = kFamilies,
    .options = kOptions,
    .create = [](const CollectorContext& context) -> std::unique_ptr<Collector> {
      return std::make_unique<DatagramCollector>(context.kernel, context.options);
    },
};

}  // namespace netstack::datagram
