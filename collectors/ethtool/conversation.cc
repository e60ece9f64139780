#include "collectors/ethtool/conversation.h"

#include <linux/ethtool_netlink.h>
#include <linux/netlink.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "kernel/netlink/nlabi.h"

namespace netstack::ethtool {
namespace {

// All requests begin with it, whatever the command.
constexpr std::uint16_t kHeader = ETHTOOL_A_RINGS_HEADER;

constexpr std::uint8_t kNumberCommands[] = {ETHTOOL_MSG_RINGS_GET, ETHTOOL_MSG_CHANNELS_GET,
                                            ETHTOOL_MSG_COALESCE_GET, ETHTOOL_MSG_PAUSE_GET};

bool IsMissing(const Error& error) {
  return error.kind == ErrorKind::kUnsupported || error.kind == ErrorKind::kAbsent;
}

}  // namespace

Status Conversation::Open() {
  if (port_ != nullptr) return {};
  Result<std::unique_ptr<NetlinkPort>> port = kernel_.netlink.Open(NETLINK_GENERIC);
  if (!port) return port.error();
  Result<GenericFamily> family = ResolveGenericFamily(**port, "ethtool");
  if (!family) return family.error();
  family_ = *std::move(family);
  port_ = *std::move(port);
  const auto monitor = std::ranges::find(family_.groups, "monitor", &GenericFamily::Group::name);
  if (monitor == family_.groups.end()) return {};
  auto listener = kernel_.netlink.Listen(NETLINK_GENERIC, monitor->id);
  if (listener) listener_ = *std::move(listener);
  return {};
}

// `parse` takes the reply's attributes and returns a Status.
template <class Parser>
Status Conversation::Ask(std::uint8_t command, std::uint32_t flags, const std::string& device,
                         const Parser& parse) {
  BeginGeneric(request_, command);
  const std::size_t header = request_.BeginNest(kHeader);
  request_.AddText(ETHTOOL_A_HEADER_DEV_NAME, device);
  if (flags != 0) request_.AddU32(ETHTOOL_A_HEADER_FLAGS, flags);
  request_.EndNest(header);
  Status parsed;
  const Status asked = port_->Request(family_.id, 0, request_.payload(),
                                      [&](const NetlinkMessage& message) {
                                        std::uint8_t reply = 0;
                                        std::span<const std::byte> attributes;
                                        if (SplitGeneric(message.payload, reply, attributes))
                                          parsed = parse(attributes);
                                      },
                                      {});
  if (asked) return parsed;
  if (IsMissing(asked.error())) return {};
  Error error = asked.error();
  error.path += " ethtool " + device;
  return error;
}

Status Conversation::Read(const std::string& device, Settings& settings, LiveCounters& counters) {
  settings.Clear();
  counters = {};
  for (const std::uint8_t command : kNumberCommands) {
    const bool pause = command == ETHTOOL_MSG_PAUSE_GET;
    Status status =
        Ask(command, pause ? ETHTOOL_FLAG_STATS : 0, device,
            [&](std::span<const std::byte> attributes) -> Status {
              if (Status parsed = ParseNumbers(command, attributes, device, settings); !parsed) {
                return parsed;
              }
              return pause ? ParsePauseFrames(attributes, device, counters) : Status();
            });
    if (!status) return status;
  }
  Status status = Ask(ETHTOOL_MSG_FEATURES_GET, 0, device, [&](const auto& attributes) {
    return ParseFeatures(attributes, device, settings);
  });
  if (!status) return status;
  status = Ask(nlabi::kEthtoolMsgRssGet, 0, device,
               [&](const auto& attributes) { return ParseRss(attributes, device, settings); });
  if (!status) return status;
  return Ask(ETHTOOL_MSG_LINKSTATE_GET, 0, device,
             [&](const auto& attributes) { return ParseLinkState(attributes, device, counters); });
}

Status Conversation::ReadAgain(const std::string& device, LiveCounters& counters) {
  const LiveCounters before = std::exchange(counters, {});
  if (before.pause_received || before.pause_sent) {
    Status status =
        Ask(ETHTOOL_MSG_PAUSE_GET, ETHTOOL_FLAG_STATS, device,
            [&](const auto& attributes) { return ParsePauseFrames(attributes, device, counters); });
    if (!status) return status;
  }
  if (!before.link_down_events) return {};
  return Ask(ETHTOOL_MSG_LINKSTATE_GET, 0, device,
             [&](const auto& attributes) { return ParseLinkState(attributes, device, counters); });
}

void Conversation::TakeNews(News& news) {
  news.anything_may_have_changed = false;
  news.devices.clear();
  if (listener_ == nullptr) return;
  const Status heard = listener_->TakeNews([&](const NetlinkMessage& message) {
    if (message.type != family_.id) return;
    std::uint8_t command = 0;
    std::span<const std::byte> attributes;
    if (!SplitGeneric(message.payload, command, attributes)) return;
    const std::string_view device = DeviceOf(attributes);
    if (device.empty()) {
      news.anything_may_have_changed = true;
    } else if (std::ranges::find(news.devices, device) == news.devices.end()) {
      news.devices.emplace_back(device);
    }
  });
  if (!heard) news.anything_may_have_changed = true;
}

}  // namespace netstack::ethtool
