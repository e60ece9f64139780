#pragma once

#include <array>
#include <span>
#include <string_view>

#include "collectors/collector.h"
#include "model/family.h"

namespace netstack::netns {

// The collectors that can look into another network namespace.
enum class Reach : bool {
  kByProcess,  // Files below /proc/PID/net, which anybody may read.
  kByEntering,
};
struct Member {
  std::string_view collector;
  Reach reach;
};
inline constexpr auto kMembers = std::to_array<Member>({
    {"protocols", Reach::kByProcess},
    {"sockstat", Reach::kByProcess},
    {"link", Reach::kByEntering},
    {"qdisc", Reach::kByEntering},
    {"conntrack", Reach::kByEntering},
    {"listeners", Reach::kByEntering},
    {"sockets", Reach::kByEntering},
});

// The families of this collector alone, then those of the members with the label netns at the end;
// what is the same in every namespace is left out. Lives as long as the program.
std::span<const Family> Families();

// Positions in the table.
enum FamilyIndex : std::size_t {
  kNamespaceInfo,
  kMemberState,
  kNamespaces,
  kWalkTimestamp,
  kWalkDuration,
};

// The place in Families() of each family of the member's own table, or kLeftOut.
inline constexpr std::size_t kLeftOut = SIZE_MAX;
std::span<const std::size_t> PlacesOf(std::size_t member);

// The declaration of the member.
const CollectorDeclaration& DeclarationOf(const Member& member);

}  // namespace netstack::netns
