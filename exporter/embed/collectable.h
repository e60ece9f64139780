#pragma once

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace netstack {

// What an embedding program can choose.
struct CollectableOptions {
  // Where the kernel's file systems are mounted.
  std::string procfs = "/proc";
  std::string sysfs = "/sys";
  std::string rootfs = "/";
  // Names of the collectors to run; empty: those that are enabled by default, but not "process",
  // whose families the program may have already.
  std::vector<std::string> collectors;
  // Options of collectors by "collector.option", as in {"softnet.max-series", "500"}. The metric
  // reference lists them.
  std::map<std::string, std::string> options;
  // Devices by name: expressions (ECMAScript) that match the whole name; empty: no rule.
  std::string device_include;
  std::string device_exclude;
  // True: container ports (veth, tap) get series of their own.
  bool container_ports = false;
  // What is not there by then is left out of a Collect().
  std::chrono::nanoseconds timeout = std::chrono::seconds(8);
};

// The collectors of netstack_exporter, for a program that already serves metrics with
// prometheus-cpp:
//
//   std::string error;
//   const auto network = netstack::Collectable::Create({}, &error);
//   exposer.RegisterCollectable(network);  // Keeps a weak_ptr: hold on to `network`.
//
// Nothing of the process changes: no capabilities, no signal handlers, no log, no eBPF. The
// collectors run in some threads of their own, which take no signals.
class Collectable : public prometheus::Collectable {
 public:
  // Null if an option is wrong; `error` (may be null) then says which and why.
  static std::shared_ptr<Collectable> Create(const CollectableOptions& options = {},
                                             std::string* error = nullptr);
  ~Collectable() override;

  // Reads the kernel now. A collector that fails or hangs takes only its own families away;
  // netstack_scrape_collector_state says so. Never throws; without memory there are no families.
  // May be called from several threads, which take turns.
  std::vector<prometheus::MetricFamily> Collect() const noexcept override;

 private:
  class Impl;
  explicit Collectable(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace netstack
