#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>

#include <array>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "collectors/collector.h"
#include "collectors/device_policy.h"
#include "collectors/fixture_host.h"
#include "kernel/netlink/builder.h"
#include "kernel/netlink/netlink.h"

// Hosts whose sockets a test makes up, or the real one, for collectors that ask sock_diag.
namespace netstack {

// A socket as a test describes it, for ParseInetSocket.
struct MadeSocket {
  std::uint8_t state = 10;  // TCP_LISTEN
  std::uint64_t cookie = 1;
  std::string address = "0.0.0.0";
  std::uint16_t port = 80;
  std::string remote_address = {};
  std::uint16_t remote_port = 0;
  std::uint32_t receive_queue = 0;
  std::uint32_t transmit_queue = 0;
  std::array<std::uint32_t, SK_MEMINFO_VARS> memory = {};
  std::vector<std::byte> info = {};
  std::uint32_t inode = 77;
  std::uint64_t cgroup_id = 0;
};

inline std::vector<std::byte> Message(const MadeSocket& made) {
  inet_diag_msg header = {};
  const bool six = made.address.find(':') != std::string::npos;
  header.idiag_family = six ? AF_INET6 : AF_INET;
  header.idiag_state = made.state;
  header.id.idiag_sport = htons(made.port);
  header.id.idiag_dport = htons(made.remote_port);
  header.id.idiag_cookie[0] = static_cast<std::uint32_t>(made.cookie);
  header.id.idiag_cookie[1] = static_cast<std::uint32_t>(made.cookie >> 32);
  header.idiag_rqueue = made.receive_queue;
  header.idiag_wqueue = made.transmit_queue;
  header.idiag_inode = made.inode;
  EXPECT_EQ(inet_pton(header.idiag_family, made.address.c_str(), header.id.idiag_src), 1);
  if (!made.remote_address.empty()) {
    EXPECT_EQ(inet_pton(header.idiag_family, made.remote_address.c_str(), header.id.idiag_dst), 1);
  }
  NetlinkBuilder builder;
  builder.AddHeader(header);
  builder.AddU8(INET_DIAG_SHUTDOWN, 0);
  if (made.cgroup_id != 0) {
    builder.AddBytes(INET_DIAG_CGROUP_ID, std::as_bytes(std::span(&made.cgroup_id, 1)));
  }
  if (!made.info.empty()) builder.AddBytes(INET_DIAG_INFO, made.info);
  builder.AddBytes(INET_DIAG_SKMEMINFO, std::as_bytes(std::span(made.memory)));
  return {builder.payload().begin(), builder.payload().end()};
}

// Answers by address family and protocol, the first two bytes of a sock_diag request.
class MadeSockDiag : public NetlinkSource {
 public:
  using Key = std::pair<int, int>;
  std::map<Key, std::vector<std::vector<std::byte>>> messages;
  std::map<Key, Error> failures;
  bool interrupt = false;  // Tell half of it, then all.
  int requests = 0;
  std::function<void()> before_answer = {};  // In the thread that asks.

  void Have(int protocol, const std::vector<MadeSocket>& sockets) {
    messages[{AF_INET, protocol}].clear();
    messages[{AF_INET6, protocol}].clear();
    for (const MadeSocket& socket : sockets) {
      const bool six = socket.address.find(':') != std::string::npos;
      messages[{six ? AF_INET6 : AF_INET, protocol}].push_back(Message(socket));
    }
  }

  Result<std::unique_ptr<NetlinkPort>> Open(int) override {
    return std::unique_ptr<NetlinkPort>(std::make_unique<Port>(*this));
  }

 private:
  class Port : public NetlinkPort {
   public:
    explicit Port(MadeSockDiag& host) : host_(host) {}
    Status Request(std::uint16_t, std::uint16_t, std::span<const std::byte> payload,
                   const NetlinkVisitor& visit, const std::function<void()>& restart) override {
      ++host_.requests;
      if (host_.before_answer) host_.before_answer();
      const Key key = {static_cast<int>(payload[0]), static_cast<int>(payload[1])};
      if (const auto failure = host_.failures.find(key); failure != host_.failures.end()) {
        return failure->second;
      }
      const auto& all = host_.messages[key];
      if (host_.interrupt && !all.empty()) {
        visit({.type = SOCK_DIAG_BY_FAMILY, .flags = 0, .payload = all.front()});
        if (restart) restart();
      }
      for (const auto& message : all) {
        visit({.type = SOCK_DIAG_BY_FAMILY, .flags = 0, .payload = message});
      }
      return {};
    }

   private:
    MadeSockDiag& host_;
  };
};

// One collector over a made or the real sock_diag.
class SockDiagHost {
 public:
  explicit SockDiagHost(const CollectorDeclaration& declaration)
      : options(declaration.options), samples(declaration.families), declaration_(declaration) {}

  // Before the first round.
  void UseTheRealKernel() { real_ = MakeKernelNetlinkSource(); }
  void SetOption(std::string_view name, std::string_view value) {
    EXPECT_EQ(options.Set(name, value), "");
  }
  void SetRoots(const Roots& roots) { roots_ = roots; }
  void SetBpf(BpfSource& bpf) { bpf_ = &bpf; }

  // Made with the options that are set by then.
  Collector& collector() {
    if (!collector_) {
      kernel_.emplace(Kernel{.roots = roots_,
                             .netlink = real_ ? *real_ : static_cast<NetlinkSource&>(made),
                             .bpf = bpf_});
      collector_ = declaration_.create({*kernel_, options, policy_});
    }
    return *collector_;
  }
  Outcome Collect() {
    samples.Clear();
    Outcome outcome = collector().Collect(samples);
    EXPECT_EQ(samples.undeclared(), 0u);
    return outcome;
  }
  // The lines of a round that went well and that contain `part`.
  std::vector<std::string> Page(std::string_view part = {}) {
    const Outcome outcome = Collect();
    EXPECT_EQ(outcome.state, CollectorState::kOk)
        << (outcome.error ? outcome.error->Describe() : "");
    std::vector<std::string> lines;
    for (const std::string& line : Lines(samples)) {
      if (line.find(part) != std::string::npos) lines.push_back(line);
    }
    return lines;
  }

  MadeSockDiag made;
  OptionValues options;
  Samples samples;

 private:
  const CollectorDeclaration& declaration_;
  Roots roots_;
  BpfSource* bpf_ = nullptr;
  std::unique_ptr<NetlinkSource> real_;
  std::optional<Kernel> kernel_;
  DevicePolicy policy_;
  std::unique_ptr<Collector> collector_;
};

}  // namespace netstack
