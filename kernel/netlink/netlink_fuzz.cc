#include <cstddef>
#include <cstdint>
#include <span>

#include "kernel/netlink/attribute.h"
#include "kernel/netlink/generic.h"
#include "kernel/netlink/inet_diag.h"

namespace {

constexpr int kDepth = 4;

// Reads every attribute as everything it can be.
void Walk(std::span<const std::byte> bytes, int depth) {
  netstack::NetlinkAttributes attributes(bytes);
  netstack::NetlinkAttribute attribute;
  while (attributes.Next(attribute)) {
    (void)attribute.U8();
    (void)attribute.U16();
    (void)attribute.U32();
    (void)attribute.U64();
    (void)attribute.Uint();
    (void)attribute.Text();
    (void)netstack::ParseSocketMemory(attribute.data);
    if (depth < kDepth) Walk(attribute.data, depth + 1);
  }
}

// Gives the input as the one message of an answer.
class Answer : public netstack::NetlinkPort {
 public:
  explicit Answer(std::span<const std::byte> payload) : payload_(payload) {}
  netstack::Status Request(std::uint16_t, std::uint16_t, std::span<const std::byte>,
                           const netstack::NetlinkVisitor& visit,
                           const std::function<void()>&) override {
    visit({.payload = payload_});
    return {};
  }

 private:
  std::span<const std::byte> payload_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  Walk(bytes, 0);
  Answer answer(bytes);
  (void)netstack::ResolveGenericFamily(answer, "ethtool");
  return 0;
}
