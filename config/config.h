#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/collector.h"
#include "collectors/options.h"
#include "config/log_level.h"

namespace netstack {

// The collectors that the configuration speaks of: the catalog. Every one has `enabled` and
// `max-series` beside its own options, and must not declare these itself. One that declares
// device-include and device-exclude, with no default, overrides the shared two.
using CollectorList = std::span<const CollectorDeclaration* const>;

// Everything the exporter can be told, as plain data. DefaultConfig (config/draft.h) makes one with
// the defaults, which stand in config/settings.cc only; members are zero until then.

struct LogConfig {
  LogLevel level = LogLevel::kInfo;
  LogFormat format = LogFormat::kLogfmt;
  bool operator==(const LogConfig&) const = default;
};

struct WebListenConfig {
  // host:port, :port, [v6]:port or unix:/path; port 0 lets the kernel choose.
  std::vector<std::string> listen_addresses;
  std::string telemetry_path;
  std::int64_t max_requests = 0;  // In flight at the same time; 0: no limit.
  std::string config_file;        // Web configuration file (config/web_config.h); empty: none.
  bool disable_exporter_metrics = false;
  bool show_sockets = false;  // Addresses of sockets to everybody.
  bool operator==(const WebListenConfig&) const = default;
};

struct PathConfig {
  std::string procfs;
  std::string sysfs;
  std::string rootfs;
  bool operator==(const PathConfig&) const = default;
};

struct ScrapeConfig {
  std::chrono::nanoseconds timeout{0};            // Where the scraper does not name its own.
  std::chrono::nanoseconds timeout_margin{0};     // Taken off the timeout, to send the answer.
  std::chrono::nanoseconds collector_timeout{0};  // For one that cannot block; more than 0.
  std::chrono::nanoseconds blocking_timeout{0};   // For one that may block; more than 0.
  bool operator==(const ScrapeConfig&) const = default;
};

// Which devices get series of their own. Expressions match the whole name; at most one of include
// and exclude is set. Kinds are those of `ip -d link`: veth, bridge, vlan...
struct DeviceConfig {
  std::string include;  // Empty: every device.
  std::string exclude;  // Empty: none.
  std::vector<std::string> kinds_include;
  std::vector<std::string> kinds_exclude;
  bool container_ports = false;  // veth, tap and the like, one by one instead of summed as "other".
  bool operator==(const DeviceConfig&) const = default;
};

struct CollectorConfig {
  bool enabled = false;
  std::int64_t max_series = 0;
  OptionValues options;
  bool operator==(const CollectorConfig&) const = default;
};

struct Config {
  LogConfig log;
  WebListenConfig web;
  PathConfig path;
  ScrapeConfig scrape;
  DeviceConfig devices;
  std::map<std::string, CollectorConfig, std::less<>> collectors;  // By name; all that exist.
  bool operator==(const Config&) const = default;
};

// The policy for one collector: the shared one, with include and exclude replaced where the
// collector sets one of its own options device-include and device-exclude.
DeviceConfig DeviceConfigFor(const CollectorConfig& collector, const DeviceConfig& shared);

}  // namespace netstack
