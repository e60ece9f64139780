#pragma once

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>

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
  // Names of the collectors to run; empty: those that are enabled by default.
  std::vector<std::string> collectors;
  // Options of collectors by "collector.option", as in {"protocols.tier", "core"}. The metric
  // reference lists them.
  std::map<std::string, std::string> options;
  // Devices by name: expressions (ECMAScript) that match the whole name; empty: no rule.
  std::string device_include;
  std::string device_exclude;
  // True: container ports (veth, tap) get series of their own.
  bool container_ports = false;
};

// The collectors of netstack_exporter, for a program that already serves metrics with
// prometheus-cpp:
//
//   std::string error;
//   const auto network = netstack::Collectable::Create({}, &error);
//   exposer.RegisterCollectable(network);  // Keeps a weak_ptr: hold on to `network`.
//
// Nothing of the process changes: no capabilities, no signals, no log, no eBPF, no thread.
class Collectable : public prometheus::Collectable {
 public:
  // Null if an option is wrong; `error` (may be null) then says which and why.
  static std::shared_ptr<Collectable> Create(const CollectableOptions& options = {},
                                             std::string* error = nullptr);
  ~Collectable() override;

  // Reads the kernel now. A collector that fails takes only its own families away. Never throws;
  // without memory the page is empty. May be called from several threads, which take turns.
  std::vector<prometheus::MetricFamily> Collect() const noexcept override;

 private:
  class Impl;
  explicit Collectable(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace netstack
