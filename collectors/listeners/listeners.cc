#include <arpa/inet.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/tcp.h>

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "collectors/collector.h"
#include "collectors/listeners/families.h"
#include "collectors/listeners/listener_table.h"
#include "collectors/listeners/unix_listeners.h"
#include "collectors/number_label.h"
#include "collectors/port_set.h"
#include "kernel/netlink/inet_diag.h"
#include "kernel/netlink/open_once.h"

namespace netstack::listeners {
namespace {

constexpr auto kOptions = std::to_array<OptionSpec>({
    {.name = "reuseport",
     .kind = OptionSpec::Kind::kWord,
     .default_value = "sum",
     .help = "Sockets that share an address and port (SO_REUSEPORT workers): together, or each on "
             "its own with the label socket.",
     .words = "sum|each"},
    {.name = "ports-include",
     .kind = OptionSpec::Kind::kList,
     .default_value = "",
     .help = "Ports and ranges of ports (8000-8999) to show; empty shows all."},
    {.name = "ports-exclude",
     .kind = OptionSpec::Kind::kList,
     .default_value = "",
     .help = "Ports and ranges of ports not to show."},
    {.name = "unix",
     .kind = OptionSpec::Kind::kBool,
     .default_value = "false",
     .help = "Listening unix sockets, too, by name."},
    {.name = "unix-max-names",
     .kind = OptionSpec::Kind::kInteger,
     .default_value = "100",
     .help = "Most names of listening unix sockets; the rest together is other.",
     .max = 100'000},
});

class ListenersCollector : public Collector {
 public:
  ListenersCollector(const Kernel& kernel, const OptionValues& options)
      : kernel_(kernel), table_(options.Text("reuseport") == "each") {
    const auto include = options.List("ports-include");
    const auto exclude = options.List("ports-exclude");
    all_ports_ = include.empty();
    settings_ = include_.Add(include, "listeners.ports-include");
    if (settings_) settings_ = exclude_.Add(exclude, "listeners.ports-exclude");
    if (options.Bool("unix")) {
      unix_.emplace(static_cast<std::size_t>(options.Integer("unix-max-names")));
    }
    visit_ = [this](const NetlinkMessage& message) { Visit(message); };
    restart_ = [this] { Restart(); };
  }

  Outcome Collect(Samples& out) override {
    if (!settings_) return Outcome::FromError(settings_.error());
    if (Status opened = OpenOnce(kernel_.netlink, NETLINK_SOCK_DIAG, port_); !opened) {
      return Outcome::FromError(opened.error());
    }
    table_.Begin();
    first_error_.reset();
    if (Status asked = Ask(AF_INET); !asked) return Outcome::FromError(asked.error());
    // A kernel without IPv6 has no answer to the second.
    if (Status asked = Ask(AF_INET6); !asked && asked.error().kind != ErrorKind::kAbsent) {
      return Outcome::FromError(asked.error());
    }
    for (const Listener& listener : table_.End()) Add(listener, out);
    if (unix_) AddUnix(out);
    if (first_error_) return {.state = CollectorState::kPartial, .error = first_error_};
    return {};
  }

 private:
  // The kernel looks at its table of listeners only, however many connections there are. MPTCP
  // listeners are in it as the TCP sockets that they are made of.
  Status Ask(std::uint8_t family) {
    BuildInetRequest({.family = family, .protocol = IPPROTO_TCP, .states = 1u << TCP_LISTEN},
                     request_);
    family_ = family;
    return port_->Request(SOCK_DIAG_BY_FAMILY, NLM_F_DUMP, request_.payload(), visit_, restart_);
  }

  // IPv4 may be there already: what is told twice is taken once.
  void Restart() { first_error_.reset(); }

  void Visit(const NetlinkMessage& message) {
    if (Status parsed = ParseInetSocket(message.payload, socket_); !parsed) {
      if (!first_error_) first_error_ = parsed.error();
      return;
    }
    if (socket_.state != TCP_LISTEN || socket_.family != family_) return;
    const bool wanted = all_ports_ || include_.Has(socket_.local_port);
    if (wanted && !exclude_.Has(socket_.local_port)) table_.Add(socket_);
  }

  static void Add(const Listener& listener, Samples& out) {
    const Key& key = listener.key;
    char address[INET6_ADDRSTRLEN] = {};
    inet_ntop(key.ip_version == 6 ? AF_INET6 : AF_INET, key.address.data(), address,
              sizeof address);
    const NumberLabel port(key.port);
    const NumberLabel number(key.ordinal);
    const std::string_view socket = key.ordinal == 0 ? std::string_view{} : number;
    const std::string_view version = key.ip_version == 6 ? "6" : "4";
    out.Add(kFamilies[kQueue], {address, port, version, socket}, listener.length);
    out.Add(kFamilies[kLimit], {address, port, version, socket}, listener.limit);
    out.Add(kFamilies[kFill], {address, port, version, socket}, listener.fill);
    out.Add(kFamilies[kDrops], {address, port, version, socket}, listener.drops);
    if (listener.sockets > 1) {
      out.Add(kFamilies[kSockets], {address, port, version}, listener.sockets);
    }
  }

  // What is wrong with them does not cost the others.
  void AddUnix(Samples& out) {
    Status read = unix_->Read(*port_);
    if (read && unix_->first_error()) read = *unix_->first_error();
    if (!read && !first_error_) first_error_ = read.error();
    for (const UnixListener& listener : unix_->listeners()) {
      out.Add(kFamilies[kUnixQueue], {listener.name}, listener.length);
      out.Add(kFamilies[kUnixLimit], {listener.name}, listener.limit);
      out.Add(kFamilies[kUnixFill], {listener.name}, listener.fill);
    }
  }

  Kernel kernel_;
  ListenerTable table_;
  std::optional<UnixListeners> unix_;
  bool all_ports_ = true;
  PortSet include_;
  PortSet exclude_;
  Status settings_;
  NetlinkBuilder request_;
  NetlinkVisitor visit_;
  std::function<void()> restart_;
  std::unique_ptr<NetlinkPort> port_;
  std::uint8_t family_ = 0;
  InetSocket socket_;
  std::optional<Error> first_error_;
};

}  // namespace

extern const CollectorDeclaration kCollector;
const CollectorDeclaration kCollector = {
    .name = "listeners",
    .summary = "Accept queue of every listening TCP socket: length, limit and drops.",
    .may_block = true,
    .families = kFamilies,
    .options = kOptions,
    .create = [](const CollectorContext& context) -> std::unique_ptr<Collector> {
      return std::make_unique<ListenersCollector>(context.kernel, context.options);
    },
};

}  // namespace netstack::listeners
