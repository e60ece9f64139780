#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "collectors/offenders.h"

namespace netstack::sockets {

// The few sockets with the most bytes of a stream of sockets. Allocates when it is made only.
class TopSockets {
 public:
  explicit TopSockets(std::size_t most);

  void Clear();
  // Whether a socket with so many bytes has a place among them. Not for 0 bytes.
  bool Takes(std::uint32_t queued) const { return queued > least_; }
  // Only what Takes().
  void Add(const Offender& offender);
  // Most bytes first. To be called when all are added.
  std::span<const Offender> Sorted();

 private:
  std::size_t most_;
  std::uint32_t least_ = 0;          // What a further one must have more than.
  std::vector<Offender> offenders_;  // A heap, the least in front.
};

}  // namespace netstack::sockets
