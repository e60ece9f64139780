#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "kernel/kernel.h"
#include "kernel/record/host_replay.h"

namespace netstack {

// How large a host is.
struct HostSize {
  int cpus = 2;
  int devices = 4;  // Network cards, all of them up.
  int queues = 1;   // Of each card, in each direction.
};

// A host that is larger than any at hand: what was recorded of Linux 7.3, with softnet_stat,
// softirqs, network cards and their queueing disciplines made up.
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
  void WriteCpus(int cpus) const;
  void WriteCards(const HostSize& size) const;

  std::filesystem::path directory_;
  std::unique_ptr<HostReplay> replay_;
  std::unique_ptr<Cards> cards_;
};

}  // namespace netstack
