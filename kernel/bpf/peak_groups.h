#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace netstack {

// Which group of sockets each port belongs to. The kernel counts by group number, so a number goes
// to another port only when nothing of the former one can be shown any more.
class PeakGroups {
 public:
  using Clock = std::chrono::steady_clock;
  // A port's group, by local or remote port. Number 0 stands for "none".
  using Table = std::span<std::uint8_t, 65536>;

  struct Group {
    std::uint16_t port = 0;
    bool is_remote = false;
    bool in_use = false;             // Its port was named in the last Assign().
    bool is_new = false;             // Its port is another one than before the last Assign().
    Clock::time_point left_at = {};  // When it was named no more.
  };

  // `in` and `out` are what the programs look ports up in; numbers are from `first` on.
  PeakGroups(Table in, Table out, std::uint8_t first);

  // Gives the lowest ports of `listening`, then of `remote`, a group, at most `most` at a time. One
  // that is not named any more keeps its number for `keep` longer.
  void Assign(std::span<const std::uint16_t> listening, std::span<const std::uint16_t> remote,
              std::size_t most, Clock::time_point now, std::chrono::nanoseconds keep);

  // Number `first` is the first element.
  std::span<const Group> groups() const { return groups_; }
  std::size_t ports_without_group() const { return without_; }

 private:
  struct Wanted {
    std::uint16_t port;
    bool is_remote;
  };
  void Want(std::span<const std::uint16_t> ports, bool is_remote);
  Group* Find(const Wanted& wanted);
  // A number that has no port, or whose port has gone for long enough; null: all are taken.
  Group* Free(std::size_t most, Clock::time_point now, std::chrono::nanoseconds keep);
  std::uint8_t& Place(const Group& group);

  Table in_;
  Table out_;
  std::uint8_t first_;
  std::vector<Group> groups_;
  std::vector<Wanted> wanted_;
  std::vector<std::uint16_t> sorted_;
  std::size_t without_ = 0;
};

}  // namespace netstack
