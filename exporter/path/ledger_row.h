#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/path/count.h"
#include "exporter/path/path_devices.h"
#include "exporter/path/rows.h"
#include "exporter/path/term_ref.h"

namespace netstack {

// A row at work: its number for the host or for each device, over the rounds.
class LedgerRow {
  static constexpr std::size_t kNoSource = SIZE_MAX;

 public:
  struct Group {
    Count count = {};
    std::uint64_t value = 0;
    bool holds = false;  // A plus term had a sample in this round.
    bool seen = false;
    bool is_counted = false;         // By increases, since another source stood in.
    std::size_t source = kNoSource;  // The last term seen in this round that stands in for none.
  };

  // By device; empty for the host. Nodes stay for as long as their device, so that a round with the
  // same devices allocates nothing.
  using Groups = std::map<std::string, Group, std::less<>>;

  LedgerRow(const CountRow& row, std::span<const CollectorDeclaration* const> collectors);

  void Update(std::span<const CollectorReport> reports, const PathDevices& devices);

  const CountRow& row() const { return row_; }
  const Groups& groups() const { return groups_; }
  const TermRef& first_term() const { return terms_.front().ref; }

 private:
  struct SignedTerm {
    TermRef ref;
    Count::Effect effect;
    std::size_t instead_of = kNoSource;  // The term that goes before this one.
  };
  void AddTerms(const Terms& terms, Count::Effect effect,
                std::span<const CollectorDeclaration* const> collectors);
  void AddSamples(std::size_t index, std::span<const CollectorReport> reports,
                  const PathDevices& devices);
  bool IsTold(std::span<const CollectorReport> reports) const;
  void FindDevices(std::span<const CollectorReport> reports);
  bool Takes(std::string_view device) const;
  bool IsShownAsIs(const Groups::value_type& group) const;
  Groups::value_type* GroupOf(const SignedTerm& term, const Samples::View& view,
                              const PathDevices& devices);

  const CountRow& row_;
  std::vector<SignedTerm> terms_;
  std::optional<TermRef> where_;
  std::vector<std::string_view> devices_;  // Those with a sample of it in this round.
  bool as_is_;  // One kernel counter, shown as the kernel gives it but where another stands in.
  Groups groups_;
};

}  // namespace netstack
