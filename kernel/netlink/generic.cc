#include "kernel/netlink/generic.h"

#include <linux/genetlink.h>
#include <linux/netlink.h>

#include "kernel/netlink/attribute.h"

namespace netstack {
namespace {

GenericFamily::Group ParseGroup(std::span<const std::byte> bytes) {
  GenericFamily::Group group;
  NetlinkAttributes attributes(bytes);
  NetlinkAttribute attribute;
  while (attributes.Next(attribute)) {
    if (attribute.type == CTRL_ATTR_MCAST_GRP_NAME) group.name = attribute.Text();
    if (attribute.type == CTRL_ATTR_MCAST_GRP_ID) group.id = attribute.U32().value_or(0);
  }
  return group;
}

void ParseFamily(std::span<const std::byte> payload, GenericFamily& family) {
  std::uint8_t command = 0;
  std::span<const std::byte> bytes;
  if (!SplitGeneric(payload, command, bytes) || command != CTRL_CMD_NEWFAMILY) return;
  NetlinkAttributes attributes(bytes);
  NetlinkAttribute attribute;
  while (attributes.Next(attribute)) {
    if (attribute.type == CTRL_ATTR_FAMILY_ID) family.id = attribute.U16().value_or(0);
    if (attribute.type == CTRL_ATTR_VERSION) family.version = attribute.U32().value_or(0);
    if (attribute.type != CTRL_ATTR_MCAST_GROUPS) continue;
    NetlinkAttributes groups(attribute.data);
    NetlinkAttribute group;
    while (groups.Next(group)) family.groups.push_back(ParseGroup(group.data));
  }
}

}  // namespace

void BeginGeneric(NetlinkBuilder& builder, std::uint8_t command, std::uint8_t version) {
  builder.Clear();
  builder.AddHeader(genlmsghdr{.cmd = command, .version = version, .reserved = 0});
}

bool SplitGeneric(std::span<const std::byte> payload, std::uint8_t& command,
                  std::span<const std::byte>& attributes) {
  genlmsghdr header;
  if (!ReadHeader(payload, header)) return false;
  command = header.cmd;
  attributes = AfterHeader(payload, sizeof header);
  return true;
}

Result<GenericFamily> ResolveGenericFamily(NetlinkPort& port, std::string_view name) {
  NetlinkBuilder request;
  BeginGeneric(request, CTRL_CMD_GETFAMILY);
  request.AddText(CTRL_ATTR_FAMILY_NAME, name);
  GenericFamily family;
  const Status asked = port.Request(
      GENL_ID_CTRL, 0, request.payload(),
      [&family](const NetlinkMessage& message) { ParseFamily(message.payload, family); },
      [&family] { family = {}; });
  const std::string path = "netlink generic family " + std::string(name);
  if (!asked) {
    Error error = asked.error();
    error.path = path;
    return error;
  }
  if (family.id == 0) return MalformedAt(path, 0, "an answer without the family's number", "");
  return family;
}

}  // namespace netstack
