#include "collectors/ethtool/conversation.h"

#include <linux/ethtool_netlink.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "kernel/missing.h"
#include "kernel/netlink/attribute.h"
#include "kernel/netlink/nlabi.h"

namespace netstack::ethtool {
namespace {

// All requests begin with it, whatever the command.
constexpr std::uint16_t kHeader = ETHTOOL_A_RINGS_HEADER;

constexpr std::uint8_t kNumberCommands[] = {ETHTOOL_MSG_RINGS_GET, ETHTOOL_MSG_CHANNELS_GET,
                                            ETHTOOL_MSG_COALESCE_GET, ETHTOOL_MSG_PAUSE_GET};

std::string_view NameOfLink(std::span<const std::byte> payload) {
  NetlinkAttributes attributes(AfterHeader(payload, sizeof(ifinfomsg)));
  NetlinkAttribute attribute;
  while (attributes.Next(attribute)) {
    if (attribute.type == IFLA_IFNAME) return attribute.Text();
  }
  return {};
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
  auto link_listener = kernel_.netlink.Listen(NETLINK_ROUTE, RTNLGRP_LINK);
  if (link_listener) link_listener_ = *std::move(link_listener);
  return {};
}

void Conversation::BeginRequest(std::uint8_t command, std::uint16_t header, std::uint32_t flags,
                                const std::string& device) {
  BeginGeneric(request_, command);
  const std::size_t nest = request_.BeginNest(header);
  request_.AddText(ETHTOOL_A_HEADER_DEV_NAME, device);
  if (flags != 0) request_.AddU32(ETHTOOL_A_HEADER_FLAGS, flags);
  request_.EndNest(nest);
}

// `parse` takes the reply's attributes and returns a Status.
template <class Parser>
Status Conversation::Send(const std::string& device, const Parser& parse) {
  Status parsed;
  const auto visit = [&](const NetlinkMessage& message) {
    std::uint8_t reply = 0;
    std::span<const std::byte> attributes;
    if (SplitGeneric(message.payload, reply, attributes)) parsed = parse(attributes);
  };
  const Status asked = port_->Request(family_.id, 0, request_.payload(), std::cref(visit), {});
  if (asked) return parsed;
  if (IsMissing(asked.error())) return {};
  Error error = asked.error();
  error.path += " ethtool " + device;
  return error;
}

template <class Parser>
Status Conversation::Ask(std::uint8_t command, std::uint32_t flags, const std::string& device,
                         const Parser& parse) {
  BeginRequest(command, kHeader, flags, device);
  return Send(device, parse);
}

Status Conversation::ReadPause(const std::string& device, LiveCounters& counters) {
  return Ask(ETHTOOL_MSG_PAUSE_GET, ETHTOOL_FLAG_STATS, device, [&](const auto& attributes) {
    return ParsePauseFrames(attributes, device, counters);
  });
}

Status Conversation::ReadLinkState(const std::string& device, LiveCounters& counters) {
  return Ask(ETHTOOL_MSG_LINKSTATE_GET, 0, device,
             [&](const auto& attributes) { return ParseLinkState(attributes, device, counters); });
}

Status Conversation::ReadFec(const std::string& device, FecSettings& settings,
                             FecCounters& counters) {
  return Ask(ETHTOOL_MSG_FEC_GET, ETHTOOL_FLAG_STATS, device, [&](const auto& attributes) {
    return ParseFec(attributes, device, settings, counters);
  });
}

Status Conversation::ReadStandardStats(const std::string& device, StandardStats& stats) {
  BeginRequest(ETHTOOL_MSG_STATS_GET, ETHTOOL_A_STATS_HEADER, 0, device);
  AskForStandardGroups(request_);
  return Send(device, [&](const auto& attributes) {
    return ParseStandardStats(attributes, device, stats);
  });
}

Status Conversation::Read(const std::string& device, Settings& settings, LiveCounters& counters) {
  settings.Clear();
  counters.Clear();
  for (const std::uint8_t command : kNumberCommands) {
    const bool pause = command == ETHTOOL_MSG_PAUSE_GET;
    Status status =
        Ask(command, pause ? ETHTOOL_FLAG_STATS : 0, device,
            [&](std::span<const std::byte> attributes) -> Status {
              if (Status parsed = ParseNumbers(command, attributes, device, settings); !parsed) {
                return parsed;
              }
              if (command == ETHTOOL_MSG_COALESCE_GET) {
                return ParseModeration(attributes, device, settings.moderation);
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
  status = ReadFec(device, settings.fec, counters.fec);
  if (!status) return status;
  status = ReadStandardStats(device, counters.standard);
  if (!status) return status;
  status = ReadDriverInfo(kernel_.roots, kernel_.file_observer, device, settings.driver);
  if (!status && !IsMissing(status.error())) return status;
  return ReadLinkState(device, counters);
}

Status Conversation::ReadAgain(const std::string& device, LiveCounters& counters) {
  const bool pause = counters.pause_received || counters.pause_sent;
  const bool link_state = counters.link_down_events.has_value();
  const bool fec = !counters.fec.empty();
  const bool standard = !counters.standard.empty();
  counters.Clear();
  Status status;
  if (pause) status = ReadPause(device, counters);
  if (status && link_state) status = ReadLinkState(device, counters);
  if (status && fec) {
    unused_fec_.Clear();
    status = ReadFec(device, unused_fec_, counters.fec);
  }
  if (status && standard) status = ReadStandardStats(device, counters.standard);
  return status;
}

void Conversation::TakeNews(News& news) {
  news.anything_may_have_changed = false;
  news.devices.clear();
  const auto add = [&](std::string_view device) {
    if (device.empty()) {
      news.anything_may_have_changed = true;
    } else if (std::ranges::find(news.devices, device) == news.devices.end()) {
      news.devices.emplace_back(device);
    }
  };
  const auto hear_setting = [&](const NetlinkMessage& message) {
    if (message.type != family_.id) return;
    std::uint8_t command = 0;
    std::span<const std::byte> attributes;
    if (SplitGeneric(message.payload, command, attributes)) add(DeviceOf(attributes));
  };
  const auto hear_link = [&](const NetlinkMessage& message) {
    if (message.type == RTM_NEWLINK) add(NameOfLink(message.payload));
  };
  if (listener_ != nullptr && !listener_->TakeNews(std::cref(hear_setting))) add({});
  if (link_listener_ != nullptr && !link_listener_->TakeNews(std::cref(hear_link))) add({});
}

}  // namespace netstack::ethtool
