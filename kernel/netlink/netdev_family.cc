#include "kernel/netlink/netdev_family.h"

#include <linux/netlink.h>

#include <utility>

#include "kernel/netlink/attribute.h"
#include "kernel/netlink/nlabi.h"

namespace netstack {

std::optional<std::uint64_t> NetdevMessage::Get(std::uint16_t type) const {
  if (type >= kMostTypes) return std::nullopt;
  const NetlinkAttribute attribute = {.type = type, .data = values_[type]};
  return attribute.data.size() == 1 ? std::optional<std::uint64_t>(attribute.U8())
                                    : attribute.Uint();
}

std::span<const std::byte> NetdevMessage::Nest(std::uint16_t type) const {
  return type < kMostTypes ? values_[type] : std::span<const std::byte>();
}

Status NetdevMessage::Parse(std::span<const std::byte> attributes) {
  values_ = {};
  NetlinkAttributes walk(attributes);
  NetlinkAttribute attribute;
  while (walk.Next(attribute)) {
    if (attribute.type < kMostTypes) values_[attribute.type] = attribute.data;
  }
  if (walk.malformed()) {
    return MalformedAt("netlink generic netdev", 0, "an attribute does not fit", "");
  }
  return {};
}

Status NetdevFamily::Open() {
  if (port_ != nullptr) return {};
  if (absent_) return *absent_;
  Result<std::unique_ptr<NetlinkPort>> port = source_.Open(NETLINK_GENERIC);
  if (!port) return port.error();
  Result<GenericFamily> family = ResolveGenericFamily(**port, "netdev");
  if (!family) {
    if (family.error().kind == ErrorKind::kAbsent) absent_ = family.error();
    return family.error();
  }
  family_ = *std::move(family);
  port_ = *std::move(port);
  return {};
}

Status NetdevFamily::Dump(std::uint8_t command, std::optional<std::uint32_t> scope,
                          const Visitor& visit, const std::function<void()>& restart) {
  if (Status opened = Open(); !opened) return opened;
  BeginGeneric(request_, command);
  if (scope) request_.AddU32(nlabi::kNetdevAQstatsScope, *scope);
  Status parsed;
  const auto parse = [&](const NetlinkMessage& message) {
    std::uint8_t reply = 0;
    std::span<const std::byte> attributes;
    if (!SplitGeneric(message.payload, reply, attributes)) return;
    if (Status status = message_.Parse(attributes); !status) {
      if (parsed) parsed = std::move(status);
      return;
    }
    visit(message_);
  };
  const Status asked =
      port_->Request(family_.id, NLM_F_DUMP, request_.payload(), std::cref(parse), restart);
  return asked ? parsed : asked;
}

}  // namespace netstack
