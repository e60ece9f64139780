#include "collectors/sockets/port_groups.h"

#include <algorithm>

namespace netstack::sockets {

PortGroups::PortGroups(const PortSet& ports_out, std::size_t most) : most_(std::min(most, kMost)) {
  for (std::size_t port = 0; port < 65536; ++port) {
    if (ports_out.Has(static_cast<std::uint16_t>(port))) {
      ports_out_.push_back(static_cast<std::uint16_t>(port));
    }
  }
  groups_.push_back({.name = "other"});
}

Status PortGroups::Begin() {
  listening_.clear();
  is_settled_ = false;
  for (SocketGroup& group : groups_) {
    group.sums = {};
    if (group.quantities) group.quantities->Clear();
  }
  return {};
}

void PortGroups::AddListener(const InetSocket& listener) {
  if (!is_settled_) listening_.push_back(listener.local_port);
}

void PortGroups::AddGroup(std::string_view prefix, std::uint16_t port, PortNumbers& numbers) {
  if (groups_.size() >= most_) return;
  groups_.push_back({.name = std::string(prefix) + std::to_string(port)});
  numbers.Set(port, static_cast<std::uint8_t>(groups_.size()));
}

// Makes the groups anew only when the listening ports have changed.
void PortGroups::Settle() {
  is_settled_ = true;
  std::ranges::sort(listening_);
  // Not std::ranges::unique: clang 14 cannot compile libstdc++ 12's.
  listening_.erase(std::unique(listening_.begin(), listening_.end()), listening_.end());
  if (listening_ == settled_ && groups_.size() > 1) return;
  settled_ = listening_;
  groups_.clear();
  in_.Clear();
  out_.Clear();
  for (const std::uint16_t port : ports_out_) AddGroup("out:", port, out_);
  for (const std::uint16_t port : listening_) AddGroup("in:", port, in_);
  groups_.push_back({.name = "other"});
}

SocketGroup& PortGroups::Of(const InetSocket& connection) {
  if (!is_settled_) Settle();
  std::uint8_t number = in_.Of(connection.local_port);
  if (number == 0) number = out_.Of(connection.remote_port);
  return number == 0 ? groups_.back() : groups_[number - 1u];
}

std::span<const SocketGroup> PortGroups::groups() {
  if (!is_settled_) Settle();
  return groups_;
}

}  // namespace netstack::sockets
