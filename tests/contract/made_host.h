#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "kernel/kernel.h"
#include "kernel/record/host_replay.h"
#include "tests/contract/made_card_files.h"

namespace netstack {

// A host that is larger than any at hand: what was recorded of Linux 7.3, with CPUs, network cards
// and their queueing disciplines made up.
class MadeHost {
 public:
  explicit MadeHost(const HostSize& size);
  ~MadeHost();
  MadeHost(const MadeHost&) = delete;
  MadeHost& operator=(const MadeHost&) = delete;

  // Valid as long as the object.
  Kernel kernel() const;
  std::string PathOf(std::string_view below) const { return directory_ / below; }

 private:
  class Cards;

  std::filesystem::path directory_;
  std::unique_ptr<HostReplay> replay_;
  std::unique_ptr<Cards> cards_;
};

}  // namespace netstack
