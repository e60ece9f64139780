#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "exporter/path/rows.h"
#include "exporter/path/term_ref.h"
#include "exporter/scrape/scraper.h"

namespace netstack {

// Container ports have no series of their own: together they are this device.
inline constexpr std::string_view kOther = "other";

// Which devices of a round a row of the ledger may count. Names point into the round's reports.
class PathDevices {
 public:
  explicit PathDevices(std::span<const CollectorDeclaration* const> collectors);

  void Find(std::span<const CollectorReport> reports);

  // Devices that have a driver, sorted.
  std::span<const std::string_view> hardware() const { return hardware_; }

  // Whether a row or a term with this `per`, which is not kHost, counts the device.
  bool Counts(Per per, std::string_view device) const;

 private:
  void KeepUnsteered(const TermRef& steering, std::span<const CollectorReport> reports);

  TermRef info_;
  TermRef rps_;
  TermRef rfs_;  // Flows of RFS, which steers packets to other CPUs as RPS does.
  std::vector<std::string_view> hardware_;
  std::vector<std::string_view> tunnels_;  // Kind tun: its packets wait for a program.
  std::vector<std::string_view> veths_;
  std::vector<std::string_view> xdp_in_rx_dropped_;
  std::vector<std::string_view> xdp_not_counted_;
  std::vector<std::string_view> direct_;  // Hardware whose packets cannot be in the backlog.
  // By one way of steering: with a queue that is not steered, and with one that is.
  std::vector<std::string_view> unsteered_;
  std::vector<std::string_view> steered_;
};

}  // namespace netstack
