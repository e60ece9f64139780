#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace netstack {

// Builds the payload of a request in a buffer of its own: a header structure, then attributes.
class NetlinkBuilder {
 public:
  // Forgets everything.
  void Clear();

  // A structure such as ifinfomsg or genlmsghdr, padded to 4 bytes.
  template <class Header>
  void AddHeader(const Header& header) {
    Append(std::as_bytes(std::span(&header, 1)));
  }
  void AddU8(std::uint16_t type, std::uint8_t value);
  void AddU16(std::uint16_t type, std::uint16_t value);
  void AddU32(std::uint16_t type, std::uint32_t value);
  void AddText(std::uint16_t type, std::string_view text);  // A NUL is added.
  void AddBytes(std::uint16_t type, std::span<const std::byte> bytes);

  // Attributes added between the two calls are nested in one of `type`.
  std::size_t BeginNest(std::uint16_t type);
  void EndNest(std::size_t nest);

  // Valid until the next change. Empty when something did not fit.
  std::span<const std::byte> payload() const;

 private:
  void Append(std::span<const std::byte> bytes);
  void AddAttribute(std::uint16_t type, std::span<const std::byte> bytes, std::size_t extra);

  std::array<std::byte, 512> buffer_ = {};
  std::size_t size_ = 0;
  bool overflow_ = false;
};

}  // namespace netstack
