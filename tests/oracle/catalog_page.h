#pragma once

#include <deque>
#include <set>
#include <string_view>
#include <vector>

#include "model/samples.h"

namespace netstack {

// A page with every family that this program can export, one made-up sample or distribution each,
// whatever the machine has: so that linters and parsers see all names, types and help texts.
class CatalogPage {
 public:
  CatalogPage();
  const std::deque<Samples>& tables() const { return tables_; }

 private:
  void AddTable(std::span<const Family> families);
  std::deque<Samples> tables_;
  std::set<std::string_view> names_;
};

}  // namespace netstack
