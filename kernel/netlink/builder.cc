#include "kernel/netlink/builder.h"

#include <linux/netlink.h>

#include <algorithm>
#include <cstring>

#include "kernel/netlink/attribute.h"

namespace netstack {

void NetlinkBuilder::Clear() {
  size_ = 0;
  overflow_ = false;
}

void NetlinkBuilder::Append(std::span<const std::byte> bytes) {
  const std::size_t padded = NetlinkPadded(bytes.size());
  if (overflow_ || padded > buffer_.size() - size_) {
    overflow_ = true;
    return;
  }
  std::byte* const at = buffer_.data() + size_;
  std::fill(std::copy(bytes.begin(), bytes.end(), at), at + padded, std::byte{0});
  size_ += padded;
}

void NetlinkBuilder::AddAttribute(std::uint16_t type, std::span<const std::byte> bytes,
                                  std::size_t extra) {
  const std::size_t size = sizeof(nlattr) + bytes.size() + extra;
  if (overflow_ || NetlinkPadded(size) > buffer_.size() - size_) {
    overflow_ = true;
    return;
  }
  AddHeader(nlattr{.nla_len = static_cast<std::uint16_t>(size), .nla_type = type});
  std::byte* const data = buffer_.data() + size_;
  std::fill(data, data + NetlinkPadded(bytes.size() + extra), std::byte{0});
  std::copy(bytes.begin(), bytes.end(), data);
  size_ += NetlinkPadded(bytes.size() + extra);
}

void NetlinkBuilder::AddU8(std::uint16_t type, std::uint8_t value) {
  AddBytes(type, std::as_bytes(std::span(&value, 1)));
}

void NetlinkBuilder::AddU16(std::uint16_t type, std::uint16_t value) {
  AddBytes(type, std::as_bytes(std::span(&value, 1)));
}

void NetlinkBuilder::AddU32(std::uint16_t type, std::uint32_t value) {
  AddBytes(type, std::as_bytes(std::span(&value, 1)));
}

void NetlinkBuilder::AddText(std::uint16_t type, std::string_view text) {
  AddAttribute(type, std::as_bytes(std::span(text)), 1);
}

void NetlinkBuilder::AddBytes(std::uint16_t type, std::span<const std::byte> bytes) {
  AddAttribute(type, bytes, 0);
}

std::size_t NetlinkBuilder::BeginNest(std::uint16_t type) {
  const std::size_t nest = size_;
  AddAttribute(type | NLA_F_NESTED, {}, 0);
  return nest;
}

void NetlinkBuilder::EndNest(std::size_t nest) {
  if (overflow_) return;
  const auto size = static_cast<std::uint16_t>(size_ - nest);
  std::memcpy(buffer_.data() + nest + offsetof(nlattr, nla_len), &size, sizeof size);
}

std::span<const std::byte> NetlinkBuilder::payload() const {
  if (overflow_) return {};
  return std::span(buffer_).first(size_);
}

}  // namespace netstack
