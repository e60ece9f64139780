#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace netstack {

// One netlink attribute. Numbers are in the machine's byte order.
struct NetlinkAttribute {
  std::uint16_t type = 0;           // Without the NLA_F_NESTED and NLA_F_NET_BYTEORDER bits.
  std::span<const std::byte> data;  // Points into the message.

  // The number; nullopt when the attribute is shorter. Longer ones are read from their beginning.
  std::optional<std::uint8_t> U8() const;
  std::optional<std::uint16_t> U16() const;
  std::optional<std::uint32_t> U32() const;
  std::optional<std::uint64_t> U64() const;
  // A number that the kernel writes in 4 or in 8 bytes (nla_put_uint).
  std::optional<std::uint64_t> Uint() const;
  // Text up to the first NUL or the end.
  std::string_view Text() const;
};

// Walks the attributes of a message or of a nested attribute; never reads outside of `bytes`, which
// must outlive the walk.
class NetlinkAttributes {
 public:
  explicit NetlinkAttributes(std::span<const std::byte> bytes) : rest_(bytes) {}
  // False at the end, and at an attribute that does not fit: then malformed() is true.
  bool Next(NetlinkAttribute& attribute);
  bool malformed() const { return malformed_; }

 private:
  std::span<const std::byte> rest_;
  bool malformed_ = false;
};

// Copies the structure at the beginning of a message; false when the message is shorter.
bool CopyFront(std::span<const std::byte> bytes, void* out, std::size_t size);
template <class Header>
bool ReadHeader(std::span<const std::byte> bytes, Header& out) {
  return CopyFront(bytes, &out, sizeof out);
}

// Netlink aligns everything to 4 bytes. (NLMSG_ALIGN of the kernel's header is signed.)
constexpr std::size_t NetlinkPadded(std::size_t size) {
  return (size + 3) & ~std::size_t{3};
}

// What follows `size` bytes and their padding to 4; empty when nothing does.
std::span<const std::byte> AfterHeader(std::span<const std::byte> bytes, std::size_t size);

}  // namespace netstack
