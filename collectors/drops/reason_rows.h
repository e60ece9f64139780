#pragma once

#include <cstdint>
#include <string_view>

#include "model/stage.h"

namespace netstack::drops {

// What a reason means.
enum class Meaning : std::uint8_t {
  kUnknown,  // The kernel does not say, or we do not know the reason.
  kLoss,     // No room, no memory, no time.
  kError,    // Damaged or malformed.
  kPolicy,   // A rule, a filter, nobody listening.
  kBenign,   // Nothing is lost.
};
std::string_view Slug(Meaning meaning);

// A reason by the kernel's name without SKB_DROP_REASON_.
struct ReasonRow {
  std::string_view reason;
  Stage stage = Stage::kNone;  // kNone: it comes from many places.
  Meaning meaning = Meaning::kUnknown;
};

// The row of a reason; one that is not in the table has neither stage nor meaning.
ReasonRow RowOf(std::string_view reason);

}  // namespace netstack::drops
