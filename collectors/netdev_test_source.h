#pragma once

#include <gtest/gtest.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "kernel/netlink/builder.h"
#include "kernel/netlink/generic.h"
#include "kernel/netlink/netlink.h"

namespace netstack {

// A kernel whose family "netdev" tells what a test gives it.
class MadeNetdev : public NetlinkSource {
 public:
  using Bytes = std::vector<std::byte>;
  using Numbers = std::vector<std::pair<std::uint16_t, std::uint64_t>>;

  bool has_family = true;
  std::map<std::uint8_t, std::vector<Bytes>> answers;  // By command; others are not supported.
  std::optional<Error> failure = {};                   // Of all commands.
  bool interrupt = false;  // Tell the first message, then begin anew and tell all.
  std::map<std::uint8_t, int> asked = {};

  // Adds an object to the answer of a command. Small numbers take 4 bytes and others 8, as in the
  // kernel. `nest` is put into attribute 1.
  void Add(std::uint8_t command, const Numbers& numbers, const Numbers& nest = {}) {
    NetlinkBuilder builder;
    BeginGeneric(builder, command);
    if (!nest.empty()) {
      const std::size_t begin = builder.BeginNest(1);
      AddNumbers(nest, builder);
      builder.EndNest(begin);
    }
    AddNumbers(numbers, builder);
    answers[command].emplace_back(builder.payload().begin(), builder.payload().end());
  }

  Result<std::unique_ptr<NetlinkPort>> Open(int) override {
    return std::unique_ptr<NetlinkPort>(std::make_unique<Port>(*this));
  }

 private:
  static constexpr std::uint16_t kFamily = 33;

  static void AddNumbers(const Numbers& numbers, NetlinkBuilder& builder) {
    for (const auto& [type, value] : numbers) {
      if (value <= UINT32_MAX) {
        builder.AddU32(type, static_cast<std::uint32_t>(value));
      } else {
        builder.AddBytes(type, std::as_bytes(std::span(&value, 1)));
      }
    }
  }

  class Port : public NetlinkPort {
   public:
    explicit Port(MadeNetdev& kernel) : kernel_(kernel) {}
    Status Request(std::uint16_t type, std::uint16_t, std::span<const std::byte> payload,
                   const NetlinkVisitor& visit, const std::function<void()>& restart) override {
      if (type == GENL_ID_CTRL) return TellFamily(visit);
      std::uint8_t command = 0;
      std::span<const std::byte> attributes;
      EXPECT_TRUE(SplitGeneric(payload, command, attributes));
      ++kernel_.asked[command];
      if (kernel_.failure) return *kernel_.failure;
      const auto answer = kernel_.answers.find(command);
      if (answer == kernel_.answers.end()) {
        return Error{.kind = ErrorKind::kUnsupported, .path = "netdev", .what = "not supported"};
      }
      if (kernel_.interrupt && !answer->second.empty()) {
        visit({.type = kFamily, .flags = 0, .payload = answer->second.front()});
        restart();
      }
      for (const Bytes& message : answer->second) {
        visit({.type = kFamily, .flags = 0, .payload = message});
      }
      return {};
    }

   private:
    Status TellFamily(const NetlinkVisitor& visit) {
      if (!kernel_.has_family) {
        return Error{.kind = ErrorKind::kAbsent, .path = "netdev", .what = "no such family"};
      }
      NetlinkBuilder builder;
      BeginGeneric(builder, CTRL_CMD_NEWFAMILY);
      builder.AddU16(CTRL_ATTR_FAMILY_ID, kFamily);
      visit({.type = GENL_ID_CTRL, .flags = 0, .payload = builder.payload()});
      return {};
    }

    MadeNetdev& kernel_;
  };
};

}  // namespace netstack
