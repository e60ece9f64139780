#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "collectors/port_set.h"
#include "collectors/sockets/socket_groups.h"

namespace netstack::sockets {

// A number by port, most of them 0: in pages that are there only for ports that have one.
class PortNumbers {
 public:
  PortNumbers() { Clear(); }
  void Clear() {
    page_of_.fill(0);
    pages_.assign(1, {});  // What all ports share that have none.
  }
  void Set(std::uint16_t port, std::uint8_t number) {
    std::uint8_t& page = page_of_[port >> 8];
    if (page == 0) {
      page = static_cast<std::uint8_t>(pages_.size());
      pages_.emplace_back();
    }
    pages_[page][port & 0xff] = number;
  }
  std::uint8_t Of(std::uint16_t port) const { return pages_[page_of_[port >> 8]][port & 0xff]; }

 private:
  using Page = std::array<std::uint8_t, 256>;
  std::array<std::uint8_t, 256> page_of_ = {};
  std::vector<Page> pages_;  // At most SocketGroups::kMost and one.
};

// Groups by local port when somebody listens on it, by remote port when it is one of those
// configured. Which listening ports get a group of their own is settled when the first connection
// comes, the lowest first.
class PortGroups : public SocketGroups {
 public:
  // At most `most` groups beside "other", at most kMost.
  PortGroups(const PortSet& ports_out, std::size_t most);

  Status Begin() override;
  void AddListener(const InetSocket& listener) override;
  SocketGroup& Of(const InetSocket& connection) override;
  std::span<const SocketGroup> groups() override;

 private:
  void Settle();
  void AddGroup(std::string_view prefix, std::uint16_t port, PortNumbers& numbers);

  std::size_t most_;
  std::vector<std::uint16_t> listening_;
  std::vector<std::uint16_t> settled_;  // The ports that groups_ is made for.
  std::vector<std::uint16_t> ports_out_;
  bool is_settled_ = false;
  std::vector<SocketGroup> groups_;
  PortNumbers in_;  // 1 + group; 0: none.
  PortNumbers out_;
};

}  // namespace netstack::sockets
