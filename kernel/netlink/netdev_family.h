#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "kernel/netlink/builder.h"
#include "kernel/netlink/generic.h"
#include "kernel/netlink/netlink.h"

namespace netstack {

// A message of the family "netdev", whose attributes are numbers by their type. Attributes that are
// nests, or that no kernel has told of yet, are passed over.
class NetdevMessage {
 public:
  static constexpr std::size_t kMostTypes = 64;

  // What `type` says; nullopt when it is not there.
  std::optional<std::uint64_t> Get(std::uint16_t type) const;
  // What a nest says. Points into the message.
  std::span<const std::byte> Nest(std::uint16_t type) const;

  // `attributes` is what follows the generic header, or a nest, and must outlive the object's use.
  // kMalformed when an attribute does not fit.
  Status Parse(std::span<const std::byte> attributes);

 private:
  std::array<std::span<const std::byte>, kMostTypes> values_ = {};
};

// The generic netlink family "netdev": queues, NAPI instances, page pools and statistics of queues.
// Nothing of it needs a privilege. One thread at a time.
class NetdevFamily {
 public:
  using Visitor = std::function<void(const NetdevMessage&)>;

  // `source` must outlive the object.
  explicit NetdevFamily(NetlinkSource& source) : source_(source) {}

  // Asks for all that `command` lists; `scope`, if any, is the attribute 4 of QSTATS_GET. kAbsent
  // where the kernel has no such family (before Linux 6.3), kUnsupported where it lacks the
  // command.
  Status Dump(std::uint8_t command, std::optional<std::uint32_t> scope, const Visitor& visit,
              const std::function<void()>& restart);

 private:
  Status Open();

  NetlinkSource& source_;
  std::unique_ptr<NetlinkPort> port_;
  std::optional<Error> absent_;  // It is no module: what is not there will not come.
  GenericFamily family_;
  NetlinkBuilder request_;
  NetdevMessage message_;
};

}  // namespace netstack
