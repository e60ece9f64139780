#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/qdisc/qdisc_message.h"
#include "kernel/netlink/builder.h"
#include "kernel/netlink/netlink.h"
#include "model/samples.h"

namespace netstack::qdisc {

// True for a kind whose classes a person made; those of others are queues or flows.
bool HasClasses(std::string_view kind);

// What an htb class may send, in bytes per second; 0: not told.
struct HtbRates {
  std::uint64_t rate = 0;
  std::uint64_t ceiling = 0;
  bool operator==(const HtbRates&) const = default;
};
// `options` is TCA_OPTIONS of a class.
HtbRates ParseHtbRates(std::span<const std::byte> options);

// Reads the classes of a queueing discipline. One thread at a time.
class ClassReader {
 public:
  static constexpr std::size_t kMostClassesShown = 64;

  ClassReader();
  ClassReader(const ClassReader&) = delete;
  ClassReader& operator=(const ClassReader&) = delete;

  // Adds them to `out`. They repeat their qdisc, so that all are off the path. kAbsent when the
  // qdisc is gone.
  Status Add(NetlinkPort& port, const Qdisc& qdisc, std::string_view device, Samples& out);

 private:
  void Visit(const NetlinkMessage& message);
  static void AddClass(const Qdisc& one, std::string_view device, std::string_view kind,
                       Samples& out);

  NetlinkBuilder request_;
  NetlinkVisitor visit_;
  std::function<void()> restart_;
  std::vector<Qdisc> classes_;  // The first count_ are of the last call. Their form is a qdisc's.
  std::size_t count_ = 0;
  Status parsed_;
};

}  // namespace netstack::qdisc
