#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/path/count.h"
#include "exporter/path/in_order.h"
#include "exporter/path/rows.h"
#include "exporter/path/term_ref.h"

namespace netstack {

// A device of this round's netstack_link_info that has a driver.
struct HardwareDevice {
  std::string_view device;
};

// A row at work: its number for the host or for each device, over the rounds.
class LedgerRow {
 public:
  struct Group {
    std::string device;  // Empty for the host.
    Count count = {};
    std::uint64_t value = 0;
    bool holds = false;  // A plus term had a sample in this round.
    bool seen = false;
  };

  LedgerRow(const CountRow& row, std::span<const CollectorDeclaration* const> collectors);

  void Update(std::span<const CollectorReport> reports, std::vector<HardwareDevice>& hardware);

  const CountRow& row() const { return row_; }
  std::span<const Group> groups() const { return groups_; }
  const TermRef& first_term() const { return terms_.front().ref; }

 private:
  struct SignedTerm {
    TermRef ref;
    bool minus;
  };
  Group* GroupOf(const SignedTerm& term, const Samples::View& view,
                 std::vector<HardwareDevice>& hardware, InOrder<HardwareDevice>& known);

  const CountRow& row_;
  std::vector<SignedTerm> terms_;
  bool as_is_;  // One kernel counter: shown as the kernel gives it.
  std::vector<Group> groups_;
  InOrder<Group> order_;
};

}  // namespace netstack
