#include "kernel/netlink/attribute.h"

#include <linux/netlink.h>

#include <algorithm>
#include <cstring>

namespace netstack {
namespace {

// NLA_TYPE_MASK, unsigned.
constexpr std::uint16_t kTypeMask = 0x3fff;

template <class T>
std::optional<T> Front(std::span<const std::byte> data) {
  T value;
  if (!CopyFront(data, &value, sizeof value)) return std::nullopt;
  return value;
}

}  // namespace

bool CopyFront(std::span<const std::byte> bytes, void* out, std::size_t size) {
  if (bytes.size() < size) return false;
  std::memcpy(out, bytes.data(), size);
  return true;
}

std::span<const std::byte> AfterHeader(std::span<const std::byte> bytes, std::size_t size) {
  return bytes.subspan(std::min<std::size_t>(bytes.size(), NetlinkPadded(size)));
}

std::optional<std::uint8_t> NetlinkAttribute::U8() const {
  return Front<std::uint8_t>(data);
}

std::optional<std::uint16_t> NetlinkAttribute::U16() const {
  return Front<std::uint16_t>(data);
}

std::optional<std::uint32_t> NetlinkAttribute::U32() const {
  return Front<std::uint32_t>(data);
}

std::optional<std::uint64_t> NetlinkAttribute::U64() const {
  return Front<std::uint64_t>(data);
}

std::optional<std::uint64_t> NetlinkAttribute::Uint() const {
  return data.size() >= sizeof(std::uint64_t) ? U64() : std::optional<std::uint64_t>(U32());
}

std::string_view NetlinkAttribute::Text() const {
  const std::string_view all(reinterpret_cast<const char*>(data.data()), data.size());
  return all.substr(0, all.find('\0'));
}

bool NetlinkAttributes::Next(NetlinkAttribute& attribute) {
  nlattr header;
  if (malformed_ || rest_.empty()) return false;
  if (!ReadHeader(rest_, header) || header.nla_len < sizeof header ||
      header.nla_len > rest_.size()) {
    malformed_ = true;
    return false;
  }
  attribute.type = header.nla_type & kTypeMask;
  attribute.data = rest_.subspan(sizeof header, header.nla_len - sizeof header);
  // The last attribute may come without its padding.
  rest_ = AfterHeader(rest_, header.nla_len);
  return true;
}

}  // namespace netstack
