#include "config/settings.h"

#include <algorithm>
#include <array>

#include "config/web_address.h"

namespace netstack {
namespace {

using Kind = OptionSpec::Kind;

void Read(const OptionValues& values, std::string_view name, bool& out) {
  out = values.Bool(name);
}

void Read(const OptionValues& values, std::string_view name, std::int64_t& out) {
  out = values.Integer(name);
}

void Read(const OptionValues& values, std::string_view name, std::chrono::nanoseconds& out) {
  out = values.Duration(name);
}

void Read(const OptionValues& values, std::string_view name, std::string& out) {
  out = values.Text(name);
}

void Read(const OptionValues& values, std::string_view name, std::vector<std::string>& out) {
  const auto list = values.List(name);
  out.assign(list.begin(), list.end());
}

// The words of an enumeration, in the order of its enumerators.
constexpr std::array<std::string_view, 4> kLevels = {"debug", "info", "warn", "error"};
constexpr std::array<std::string_view, 2> kFormats = {"logfmt", "json"};

template <class Enum>
Enum EnumOf(std::span<const std::string_view> words, std::string_view word) {
  return static_cast<Enum>(std::ranges::find(words, word) - words.begin());
}

void Read(const OptionValues& values, std::string_view name, LogLevel& out) {
  out = EnumOf<LogLevel>(kLevels, values.Text(name));
}

void Read(const OptionValues& values, std::string_view name, LogFormat& out) {
  out = EnumOf<LogFormat>(kFormats, values.Text(name));
}

// Copies the value of a row to the member that `section` and `member` point to.
template <auto section, auto member>
void To(const OptionValues& values, std::string_view name, Config& config) {
  Read(values, name, config.*section.*member);
}

template <auto member>
void ToCollector(const OptionValues& values, std::string_view name, CollectorConfig& config) {
  Read(values, name, config.*member);
}

std::string_view DefaultEnabled(const CollectorDeclaration& collector) {
  return collector.enabled_by_default ? "true" : "false";
}

// clang-format off
constexpr auto kSettings = std::to_array<Setting>({
    {.spec = {.name = "log.level", .kind = Kind::kWord, .default_value = "info",
              .help = "Log messages of this level and above.",
              .words = "debug|info|warn|error"},
     .yaml = "log.level", .assign = To<&Config::log, &LogConfig::level>},
    {.spec = {.name = "log.format", .kind = Kind::kWord, .default_value = "logfmt",
              .help = "Form of the log lines, which go to standard error.",
              .words = "logfmt|json"},
     .yaml = "log.format", .assign = To<&Config::log, &LogConfig::format>},

    {.spec = {.name = "web.listen-address", .kind = Kind::kList, .default_value = ":10417",
              .help = "Addresses to listen on: :port, host:port, [ipv6]:port or unix:/path."},
     .yaml = "web.listen-address",
     .assign = To<&Config::web, &WebListenConfig::listen_addresses>,
     .check = ComplaintAboutListenAddress},
    {.spec = {.name = "web.telemetry-path", .kind = Kind::kText, .default_value = "/metrics",
              .help = "Path under which the metrics are served."},
     .yaml = "web.telemetry-path", .assign = To<&Config::web, &WebListenConfig::telemetry_path>,
     .check = ComplaintAboutTelemetryPath},
    {.spec = {.name = "web.max-requests", .kind = Kind::kInteger, .default_value = "40",
              .help = "Scrapes answered at the same time, the next gets 503; 0 means no limit.",
              .max = 1'000'000},
     .yaml = "web.max-requests", .assign = To<&Config::web, &WebListenConfig::max_requests>},
    {.spec = {.name = "web.config.file", .kind = Kind::kText, .default_value = "",
              .help = "Web configuration file for TLS and authentication, in the format of the "
                      "Prometheus exporter-toolkit."},
     .yaml = "web.config-file", .assign = To<&Config::web, &WebListenConfig::config_file>},
    {.spec = {.name = "web.disable-exporter-metrics", .kind = Kind::kBool,
              .default_value = "false",
              .help = "Leave out the metrics about the exporter itself."},
     .yaml = "web.disable-exporter-metrics",
     .assign = To<&Config::web, &WebListenConfig::disable_exporter_metrics>},
    {.spec = {.name = "web.show-sockets", .kind = Kind::kBool, .default_value = "false",
              .help = "Show addresses of sockets and their peers (/api/v1/sockets) to everybody, "
                      "not only over loopback, a unix socket or to clients that authenticate "
                      "themselves."},
     .yaml = "web.show-sockets", .assign = To<&Config::web, &WebListenConfig::show_sockets>},

    {.spec = {.name = "path.procfs", .kind = Kind::kText, .default_value = "/proc",
              .help = "Where the proc filesystem is mounted."},
     .yaml = "path.procfs", .assign = To<&Config::path, &PathConfig::procfs>,
     .check = ComplaintAboutAbsolutePath},
    {.spec = {.name = "path.sysfs", .kind = Kind::kText, .default_value = "/sys",
              .help = "Where sysfs is mounted."},
     .yaml = "path.sysfs", .assign = To<&Config::path, &PathConfig::sysfs>,
     .check = ComplaintAboutAbsolutePath},
    {.spec = {.name = "path.rootfs", .kind = Kind::kText, .default_value = "/",
              .help = "Where the root filesystem of the host is mounted; no collector reads below it yet."},
     .yaml = "path.rootfs", .assign = To<&Config::path, &PathConfig::rootfs>,
     .check = ComplaintAboutAbsolutePath},

    {.spec = {.name = "scrape.timeout", .kind = Kind::kDuration, .default_value = "10s",
              .help = "Deadline of a scrape where the scraper does not name its own."},
     .yaml = "scrape.timeout", .assign = To<&Config::scrape, &ScrapeConfig::timeout>},
    {.spec = {.name = "scrape.timeout-margin", .kind = Kind::kDuration, .default_value = "250ms",
              .help = "Taken off the deadline, so that the answer still arrives in time."},
     .yaml = "scrape.timeout-margin",
     .assign = To<&Config::scrape, &ScrapeConfig::timeout_margin>},
    {.spec = {.name = "scrape.collector-timeout", .kind = Kind::kDuration, .default_value = "1s",
              .help = "The longest that a collector may take which reads what cannot block."},
     .yaml = "scrape.collector-timeout",
     .assign = To<&Config::scrape, &ScrapeConfig::collector_timeout>},
    {.spec = {.name = "scrape.blocking-timeout", .kind = Kind::kDuration, .default_value = "3s",
              .help = "The longest that a collector may take which may wait for a lock of the "
                      "kernel's or walk something long."},
     .yaml = "scrape.blocking-timeout",
     .assign = To<&Config::scrape, &ScrapeConfig::blocking_timeout>},

    {.spec = {.name = "devices.include", .kind = Kind::kRegex, .default_value = "",
              .help = "Only devices whose whole name matches; not together with exclude."},
     .yaml = "devices.include", .assign = To<&Config::devices, &DeviceConfig::include>},
    {.spec = {.name = "devices.exclude", .kind = Kind::kRegex, .default_value = "",
              .help = "All devices but those whose whole name matches."},
     .yaml = "devices.exclude", .assign = To<&Config::devices, &DeviceConfig::exclude>},
    {.spec = {.name = "devices.kinds-include", .kind = Kind::kList, .default_value = "",
              .help = "Only these kinds of virtual devices, as `ip -d link` names them."},
     .yaml = "devices.kinds-include",
     .assign = To<&Config::devices, &DeviceConfig::kinds_include>},
    {.spec = {.name = "devices.kinds-exclude", .kind = Kind::kList, .default_value = "",
              .help = "All kinds of virtual devices but these."},
     .yaml = "devices.kinds-exclude",
     .assign = To<&Config::devices, &DeviceConfig::kinds_exclude>},
    {.spec = {.name = "devices.container-ports", .kind = Kind::kBool, .default_value = "false",
              .help = "Series of their own for veth, tap and other ports of containers, which "
                      "are otherwise summed as device=\"other\"."},
     .yaml = "devices.container-ports",
     .assign = To<&Config::devices, &DeviceConfig::container_ports>},
});

constexpr auto kCollectorSettings = std::to_array<CollectorSetting>({
    {.spec = {.name = "enabled", .kind = Kind::kBool, .default_value = "true",
              .help = "Whether the collector runs."},
     .assign = ToCollector<&CollectorConfig::enabled>,
     .default_of = DefaultEnabled},
    {.spec = {.name = "max-series", .kind = Kind::kInteger, .default_value = "10000",
              .help = "The most series that it may add to a page; what is cut is counted.",
              .min = 1, .max = 10'000'000},
     .assign = ToCollector<&CollectorConfig::max_series>},
});

constexpr auto kSections = std::to_array<Section>({
    {"log", "What the exporter says about itself."},
    {"web", "How it is scraped."},
    {"path", "Where the kernel's filesystems are."},
    {"scrape", "How long a scrape may take."},
    {"devices", "Which network devices get series of their own, for every collector. A collector "
                "that has device-include or device-exclude overrides the two here."},
});
// clang-format on

template <class Row, std::size_t N>
constexpr std::array<OptionSpec, N> SpecsOf(const std::array<Row, N>& rows) {
  std::array<OptionSpec, N> specs;
  std::ranges::transform(rows, specs.begin(), &Row::spec);
  return specs;
}

constexpr auto kSettingSpecs = SpecsOf(kSettings);
constexpr auto kCollectorSettingSpecs = SpecsOf(kCollectorSettings);

}  // namespace

std::string_view DefaultOf(const CollectorSetting& row, const CollectorDeclaration& collector) {
  return row.default_of == nullptr ? row.spec.default_value : row.default_of(collector);
}

std::span<const Setting> Settings() {
  return kSettings;
}
std::span<const OptionSpec> SettingSpecs() {
  return kSettingSpecs;
}
std::span<const CollectorSetting> CollectorSettings() {
  return kCollectorSettings;
}
std::span<const OptionSpec> CollectorSettingSpecs() {
  return kCollectorSettingSpecs;
}
std::span<const Section> Sections() {
  return kSections;
}

}  // namespace netstack
