#include "config/flag_table.h"

#include <array>

#include "config/settings.h"

namespace netstack {
namespace {

using Kind = OptionSpec::Kind;

constexpr OptionSpec kReplay = {
    .name = "kernel.replay",
    .default_value = "",
    .help = "Directory to read what a kernel said instead of asking this one.",
};

constexpr auto kServeOptions = std::to_array<OptionSpec>({kReplay});

constexpr auto kMetricsOptions = std::to_array<OptionSpec>({
    {.name = "format",
     .kind = Kind::kWord,
     .default_value = "text",
     .help = "Format of the page.",
     .words = "text|openmetrics"},
    {.name = "kernel.record",
     .default_value = "",
     .help =
         "Directory to write down what the kernel said. Holds this host's addresses and names."},
    kReplay,
});

constexpr auto kReferenceOptions = std::to_array<OptionSpec>({
    {.name = "format",
     .kind = Kind::kWord,
     .default_value = "markdown",
     .help = "For people or for programs.",
     .words = "markdown|json"},
    {.name = "stage",
     .default_value = "",
     .help = "Only what the declarations say about this stage, as receive-backlog."},
});

constexpr auto kDoctorOptions = std::to_array<OptionSpec>({
    {.name = "interval",
     .kind = Kind::kDuration,
     .default_value = "10s",
     .help =
         "How long to look; of two saved pages: how far apart they are, where their files do not "
         "tell it."},
    {.name = "url",
     .default_value = "",
     .help =
         "Page of a running exporter to look at, as http://localhost:10417/metrics; empty: this "
         "host, without an exporter."},
    {.name = "json",
     .kind = Kind::kBool,
     .default_value = "false",
     .help = "Print one JSON object rather than text."},
});

constexpr auto kRecordOptions = std::to_array<OptionSpec>({
    {.name = "interval",
     .kind = Kind::kDuration,
     .default_value = "1s",
     .help = "Time between two rows of a connection."},
    {.name = "method",
     .kind = Kind::kWord,
     .default_value = "auto",
     .help = "auto: look each time data is queued (eBPF), where privilege and kernel allow it, and "
             "sample elsewhere; sampled: only sample. Each row says what it is.",
     .words = "auto|sampled"},
    {.name = "samples",
     .kind = Kind::kInteger,
     .default_value = "10",
     .help = "Samples in an interval, of which each row gives the peak, where it is sampled.",
     .min = 1,
     .max = 1000},
    {.name = "duration",
     .kind = Kind::kDuration,
     .default_value = "0s",
     .help = "Time after which the recording ends; 0s: at SIGINT or SIGTERM."},
    {.name = "format",
     .kind = Kind::kWord,
     .default_value = "csv",
     .help = "Form of the rows: CSV with the columns' names first, or lines of JSON.",
     .words = "csv|json"},
    {.name = "output", .default_value = "", .help = "File to write; empty: standard output."},
    {.name = "ports",
     .kind = Kind::kList,
     .default_value = "",
     .help = "Ports and ranges of ports, of either end: every connection with one of them, idle "
             "or not. Without ports and addresses: all connections that are not idle."},
    {.name = "addresses",
     .kind = Kind::kList,
     .default_value = "",
     .help = "IP addresses, of either end."},
});

constexpr auto kSubcommands = std::to_array<Subcommand>({
    {.name = "serve",
     .help = "Serve the metrics over HTTP (what happens without a subcommand).",
     .options = kServeOptions},
    {.name = "metrics",
     .help = "Collect once, print the page to standard output. Causes of netstack_path_* that are "
             "made of several counters count from the start of the program: here they are 0.",
     .options = kMetricsOptions},
    {.name = "doctor",
     .help =
         "Look twice, print the path of a packet as a ladder, say what is wrong and what to do. "
         "Changes nothing. FIRST and SECOND are two pages saved some time apart. The exit code "
         "is 0 when nothing is wrong, 1 when packets are lost, 2 when it could not look.",
     .options = kDoctorOptions,
     .argument = "FIRST SECOND",
     .argument_needed = false},
    {.name = "record",
     .help = "Write the queues of TCP connections over time, as CSV or JSON. Shows addresses.",
     .options = kRecordOptions},
    {.name = "reference",
     .help = "Print the reference of all metrics.",
     .options = kReferenceOptions},
    {.name = "check-config",
     .help = "Say whether a configuration file is right.",
     .argument = "FILE"},
});

constexpr OptionSpec kConfigFile = {
    .name = "config.file",
    .kind = Kind::kText,
    .default_value = "",
    .help = "Configuration file; flags win over it.",
};

constexpr OptionSpec kDisableDefaults = {
    .name = "collector.disable-defaults",
    .kind = Kind::kBool,
    .default_value = "false",
    .help = "Run only the collectors that a --collector.<name> flag names.",
};

// A flag whose value goes to a setting (empty `collector`) or to a collector's option.
Flag AssigningFlag(std::string flag, const OptionSpec& spec, std::string_view collector) {
  const auto apply = [flag, name = std::string(spec.name), collector = std::string(collector)](
                         CommandLine& line, std::vector<std::string> values) {
    line.sources.assignments.push_back(
        {.flag = "--" + flag, .collector = collector, .name = name, .values = std::move(values)});
  };
  return {.name = std::move(flag),
          .spec = spec,
          .default_value = std::string(spec.default_value),
          .apply = apply};
}

// --collector.link for `enabled`, --collector.link.max-series for the rest.
void AppendCollectorFlags(const CollectorDeclaration& collector, std::vector<Flag>& flags) {
  const std::string base = "collector." + std::string(collector.name);
  for (const CollectorSetting& row : CollectorSettings()) {
    const bool enables = row.spec.name == "enabled";
    std::string name = enables ? base : base + "." + std::string(row.spec.name);
    flags.push_back(AssigningFlag(std::move(name), row.spec, collector.name));
    flags.back().default_value = std::string(DefaultOf(row, collector));
    if (enables) flags.back().spec.help = collector.summary;
  }
  for (const OptionSpec& spec : collector.options) {
    flags.push_back(AssigningFlag(base + "." + std::string(spec.name), spec, collector.name));
  }
}

}  // namespace

std::span<const Subcommand> Subcommands() {
  return kSubcommands;
}

std::vector<Flag> CommonFlags(CollectorList collectors) {
  std::vector<Flag> flags;
  flags.push_back({.name = std::string(kConfigFile.name),
                   .spec = kConfigFile,
                   .default_value = "",
                   .apply = [](CommandLine& line, std::vector<std::string> values) {
                     line.sources.file = values.front();
                   }});
  for (const Setting& row : Settings()) {
    flags.push_back(AssigningFlag(std::string(row.spec.name), row.spec, ""));
  }
  flags.push_back({.name = std::string(kDisableDefaults.name),
                   .spec = kDisableDefaults,
                   .default_value = "false",
                   .apply = [](CommandLine& line, std::vector<std::string> values) {
                     line.sources.disable_defaults = values.front() == "true";
                   }});
  for (const CollectorDeclaration* collector : collectors) AppendCollectorFlags(*collector, flags);
  return flags;
}

}  // namespace netstack
