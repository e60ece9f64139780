#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "kernel/netlink/netlink.h"
#include "kernel/netlink/wire.h"
#include "kernel/raw_buffer.h"

namespace netstack {

// The netlink protocol over a wire: numbers its requests, tells its own answers from late ones of
// requests that were given up, and asks again for what came interrupted or cut. Keeps its buffers,
// so that a repeated request allocates nothing.
class NetlinkConversation : public NetlinkPort {
 public:
  static constexpr int kAttempts = 4;
  static constexpr std::size_t kFirstBuffer = 64u << 10;    // The kernel fills 32 KiB at most...
  static constexpr std::size_t kLargestBuffer = 16u << 20;  // ...unless one object needs more.

  NetlinkConversation(int protocol, std::unique_ptr<NetlinkWire> wire);

  Status Request(std::uint16_t type, std::uint16_t flags, std::span<const std::byte> payload,
                 const NetlinkVisitor& visit, const std::function<void()>& restart) override;
  void Stop() override { stopped_ = true; }

 private:
  // How an answer went. In kFailed `error` is an errno and `text` says more, if anything does.
  struct Answer {
    enum class Kind { kReading, kComplete, kAgain, kFailed };
    Kind kind = Kind::kReading;
    int error = 0;
    std::string text = {};
  };
  using Kind = Answer::Kind;

  Answer Ask(std::uint16_t type, std::uint16_t flags, std::span<const std::byte> payload,
             const NetlinkVisitor& visit);
  void Compose(std::uint16_t type, std::uint16_t flags, std::span<const std::byte> payload);
  Answer ReadDatagram(const NetlinkVisitor& visit);
  Answer ReadControl(const NetlinkMessage& message);
  static Answer ReadError(const NetlinkMessage& message, std::size_t text_at, bool dump);
  Error Failure(std::uint16_t type, const Answer& answer) const;

  int protocol_;
  std::unique_ptr<NetlinkWire> wire_;
  std::vector<std::byte> request_;
  RawBuffer<std::byte> buffer_;
  std::uint32_t sequence_ = 0;
  bool dump_ = false;         // The request under way is a dump.
  bool stopped_ = false;      // The visitor wants no more of it.
  bool interrupted_ = false;  // A part of its answer says so.
  bool in_flight_ = true;     // The wire is not open yet, or may hold parts of an answer.
};

}  // namespace netstack
