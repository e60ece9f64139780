#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace netstack {

// Codes of a DEFLATE block with fixed Huffman codes (RFC 1951 section 3.2.6), lowest bit first as
// they are written.
struct DeflateCode {
  std::uint32_t bits = 0;
  std::uint32_t size = 0;  // Number of bits.
};

inline constexpr std::uint32_t kDeflateWindow = 32768;   // The farthest that a match can reach.
inline constexpr std::uint32_t kMaxDeflateLength = 258;  // The longest match.
inline constexpr std::uint32_t kEndOfBlock = 256;

namespace deflate_internal {

constexpr std::uint32_t Reversed(std::uint32_t bits, std::uint32_t size) {
  std::uint32_t reversed = 0;
  for (std::uint32_t i = 0; i < size; ++i) reversed |= ((bits >> i) & 1) << (size - 1 - i);
  return reversed;
}

// The 5-bit codes of distance symbols: turning bits around one by one is most of a match's cost.
inline constexpr std::array<std::uint32_t, 32> kDistanceSymbols = [] {
  std::array<std::uint32_t, 32> codes{};
  for (std::uint32_t i = 0; i < codes.size(); ++i) codes[i] = Reversed(i, 5);
  return codes;
}();

// `code` followed by the lowest `size` bits of `extra`.
constexpr DeflateCode WithExtra(DeflateCode code, std::uint32_t extra, std::uint32_t size) {
  const std::uint32_t low = extra & ((1u << size) - 1);
  return {.bits = code.bits | low << code.size, .size = code.size + size};
}

}  // namespace deflate_internal

// The code of a literal byte, kEndOfBlock or a length symbol.
constexpr DeflateCode CodeOfSymbol(std::uint32_t symbol) {
  using deflate_internal::Reversed;
  if (symbol < 144) return {Reversed(0x30 + symbol, 8), 8};
  if (symbol < 256) return {Reversed(0x190 + symbol - 144, 9), 9};
  if (symbol < 280) return {Reversed(symbol - 256, 7), 7};
  return {Reversed(0xC0 + symbol - 280, 8), 8};
}

namespace deflate_internal {

inline constexpr std::array<DeflateCode, 256> kLiterals = [] {
  std::array<DeflateCode, 256> codes;
  for (std::uint32_t i = 0; i < codes.size(); ++i) codes[i] = CodeOfSymbol(i);
  return codes;
}();

}  // namespace deflate_internal

constexpr DeflateCode CodeOfLiteral(char literal) {
  return deflate_internal::kLiterals[static_cast<unsigned char>(literal)];
}

// The code of a match's length (3 to 258), with its extra bits.
constexpr DeflateCode CodeOfLength(std::uint32_t length) {
  using deflate_internal::WithExtra;
  const std::uint32_t beyond = length - 3;
  if (length == kMaxDeflateLength) return CodeOfSymbol(285);
  if (beyond < 8) return CodeOfSymbol(257 + beyond);
  const auto top = static_cast<std::uint32_t>(std::bit_width(beyond)) - 1;
  return WithExtra(CodeOfSymbol(257 + 4 * (top - 1) + ((beyond >> (top - 2)) & 3)), beyond,
                   top - 2);
}

// The code of a match's distance (1 to 32768), with its extra bits.
constexpr DeflateCode CodeOfDistance(std::uint32_t distance) {
  using deflate_internal::kDistanceSymbols;
  using deflate_internal::WithExtra;
  const std::uint32_t beyond = distance - 1;
  if (beyond < 4) return {kDistanceSymbols[beyond], 5};
  const auto top = static_cast<std::uint32_t>(std::bit_width(beyond)) - 1;
  const std::uint32_t symbol = 2 * top + ((beyond >> (top - 1)) & 1);
  return WithExtra({kDistanceSymbols[symbol], 5}, beyond, top - 1);
}

}  // namespace netstack
