#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "kernel/result.h"

namespace netstack::tunables {

// How a sysctl's file is written.
enum class Layout : std::uint8_t {
  kSingle,          // One number.
  kMinMax,          // Two, as ip_local_port_range.
  kMinDefaultMax,   // Three, as tcp_rmem.
  kMinPressureMax,  // Three, as tcp_mem.
  kWord,            // One word, as default_qdisc.
  kWords,           // Any number of words but none is wrong, as tcp_available_congestion_control.
  kCpuBitmap,       // Hexadecimal groups of 32 CPUs, the highest first: "3", "00000001,00000000".
};

// The values of the label `field`, in the order of the file. Empty for words.
std::span<const std::string_view> FieldsOf(Layout layout);

// Whether the sysctl is shown as text: words and bitmaps, which also have a number.
bool HasText(Layout layout);

// A whole number of either sign; sysctls hold -1 as well as 18446744073709551615.
struct SysctlNumber {
  std::uint64_t magnitude = 0;
  bool negative = false;
  bool operator==(const SysctlNumber&) const = default;
};

struct SysctlValue {
  std::array<SysctlNumber, 3> numbers = {};  // One for each field; a bitmap's is its set CPUs.
  std::string_view text = {};                // As it would be typed back; empty for numbers.
  bool operator==(const SysctlValue&) const = default;
};

// Parses the content of a file below /proc/sys. `path` is for the error only. `out.text` points
// into `text`; after an error the content of `out` is unspecified.
Status ParseSysctl(std::string_view text, std::string_view path, Layout layout, SysctlValue& out);

}  // namespace netstack::tunables
