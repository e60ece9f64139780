#include "kernel/netlink/attribute.h"

namespace netstack {
namespace {

template <class T>
std::optional<T> Front(std::span<const std::byte> data) {
  T value;
  if (!ReadHeader(data, value)) return std::nullopt;
  return value;
}

}  // namespace

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

}  // namespace netstack
