#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/collector.h"
#include "collectors/device_policy.h"
#include "kernel/record/host_replay.h"

namespace netstack {

// One collector over a copy of a recorded host, which the test breaks.
class BrokenHost {
 public:
  // `host` is a folder of tests/hosts; empty: a host with nothing in it.
  BrokenHost(const CollectorDeclaration& declaration, std::string_view host);
  ~BrokenHost();
  BrokenHost(const BrokenHost&) = delete;
  BrokenHost& operator=(const BrokenHost&) = delete;

  // One round, which must not throw, add what is not declared, or make a page that Prometheus
  // refuses. The collector is made at the first and kept, as in the exporter.
  Outcome Collect();
  // The page of the last round, times masked; empty when its samples were thrown away.
  const std::string& page() const { return page_; }

  // What the collector has read so far, below the host's directory.
  std::set<std::string> FilesRead() const;
  std::string PathOf(std::string_view below) const { return directory_ / below; }
  void Write(std::string_view below, std::string_view text) const;
  std::string Read(std::string_view below) const;

  // Called for each netlink message of the next rounds, numbered within a round; false: the
  // message is lost. Empty: all is as it was recorded.
  using ChangeMessage = std::function<bool(std::size_t index, std::vector<std::byte>& payload)>;
  void ChangeMessages(ChangeMessage change);
  // Sizes of the netlink messages of the last round.
  const std::vector<std::size_t>& message_sizes() const;

 private:
  class Observer;
  class ChangedNetlink;

  const CollectorDeclaration& declaration_;
  std::filesystem::path directory_;
  std::unique_ptr<HostReplay> replay_;
  std::unique_ptr<Observer> observer_;
  std::unique_ptr<ChangedNetlink> netlink_;
  std::unique_ptr<Kernel> kernel_;
  OptionValues options_;
  DevicePolicy policy_;
  Samples samples_;
  std::string page_;
  std::unique_ptr<Collector> collector_;
};

}  // namespace netstack
