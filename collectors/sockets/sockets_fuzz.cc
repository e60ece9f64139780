#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "collectors/sockets/port_groups.h"
#include "collectors/sockets/walk.h"

namespace {

// Gives the input as one answer: a byte with the size of a message in words, then the message.
class Answer : public netstack::NetlinkPort {
 public:
  explicit Answer(std::span<const std::byte> bytes) : rest_(bytes) {}
  netstack::Status Request(std::uint16_t, std::uint16_t, std::span<const std::byte>,
                           const netstack::NetlinkVisitor& visit,
                           const std::function<void()>&) override {
    while (!rest_.empty()) {
      const std::size_t words = std::to_integer<std::size_t>(rest_.front());
      rest_ = rest_.subspan(1);
      const std::size_t size = std::min(rest_.size(), 4 * words);
      visit({.payload = rest_.first(size)});
      rest_ = rest_.subspan(size);
    }
    return {};
  }

 private:
  std::span<const std::byte> rest_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace netstack::sockets;
  Walk walk({.time = std::chrono::seconds(5), .sockets = 1000, .group_quantities = true},
            std::make_unique<PortGroups>(netstack::PortSet(), 8));
  Answer answer(std::as_bytes(std::span(data, size)));
  (void)walk.Run(answer);
  (void)walk.result();
  return 0;
}
