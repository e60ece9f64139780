#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>

#include "collectors/collector.h"
#include "collectors/device_policy.h"
#include "collectors/netns/discovery.h"
#include "collectors/netns/families.h"

namespace netstack::netns {

// Another network namespace with collectors of its own, which remember it from walk to walk. No
// descriptor of it is open between two walks.
class Place {
 public:
  using Chosen = std::array<bool, kMembers.size()>;

  // `chosen` are the members to run; the rest outlives the object.
  Place(const Kernel& host, const Found& found, const Chosen& chosen, const DevicePolicy& devices);
  ~Place();

  // Adds the samples of all members. The calling thread is in the namespace afterwards, if it may
  // enter, and must end then. Returns the first error that is not one of permission.
  std::optional<Error> Walk(Samples& out);

  const Found& found() const { return found_; }

 private:
  struct Runner;
  void MakeRunners(bool entered);
  std::optional<Error> Run(std::size_t member, bool entered, Samples& out);
  void AddState(std::size_t member, CollectorState state, Samples& out) const;

  const Kernel& host_;
  const Found found_;
  const Chosen chosen_;
  const DevicePolicy& devices_;
  std::unique_ptr<NetlinkSource> netlink_;
  std::optional<bool> entered_;  // How the runners were made.
  std::optional<Kernel> kernel_;
  std::array<std::unique_ptr<Runner>, kMembers.size()> runners_;
};

}  // namespace netstack::netns
