#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
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

// Netlink aligns everything to 4 bytes. (NLMSG_ALIGN of the kernel's header is signed.)
constexpr std::size_t NetlinkPadded(std::size_t size) {
  return (size + 3) & ~std::size_t{3};
}

// What follows `size` bytes and their padding to 4; empty when nothing does.
inline std::span<const std::byte> AfterHeader(std::span<const std::byte> bytes, std::size_t size) {
  const std::size_t padded = NetlinkPadded(size);
  return padded < bytes.size() ? bytes.subspan(padded) : bytes.last(0);
}

// Copies the structure at the beginning of a message; false when the message is shorter.
inline bool CopyFront(std::span<const std::byte> bytes, void* out, std::size_t size) {
  if (bytes.size() < size) return false;
  std::memcpy(out, bytes.data(), size);
  return true;
}
template <class Header>
bool ReadHeader(std::span<const std::byte> bytes, Header& out) {
  return CopyFront(bytes, &out, sizeof out);
}

// Walks the attributes of a message or of a nested attribute; never reads outside of `bytes`, which
// must outlive the walk. Inline: a walk over a million sockets is made of little else.
class NetlinkAttributes {
 public:
  explicit NetlinkAttributes(std::span<const std::byte> bytes) : rest_(bytes) {}
  // False at the end, and at an attribute that does not fit: then malformed() is true.
  bool Next(NetlinkAttribute& attribute) {
    struct {
      std::uint16_t length;
      std::uint16_t type;
    } header;  // nlattr.
    if (malformed_ || rest_.empty()) return false;
    if (!ReadHeader(rest_, header) || header.length < sizeof header ||
        header.length > rest_.size()) {
      malformed_ = true;
      return false;
    }
    attribute.type = header.type & kTypeMask;
    attribute.data = rest_.subspan(sizeof header, header.length - sizeof header);
    // The last attribute may come without its padding.
    rest_ = AfterHeader(rest_, header.length);
    return true;
  }
  bool malformed() const { return malformed_; }

 private:
  static constexpr std::uint16_t kTypeMask = 0x3fff;  // NLA_TYPE_MASK, unsigned.

  std::span<const std::byte> rest_;
  bool malformed_ = false;
};

}  // namespace netstack
