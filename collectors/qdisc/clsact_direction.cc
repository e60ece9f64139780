#include "collectors/qdisc/clsact_direction.h"

#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>

namespace netstack::qdisc {

ClsactDirection::ClsactDirection() {
  visit_ = [this](const NetlinkMessage& message) {
    if (message.type != RTM_NEWTFILTER) return;
    found_ = true;
    port_->Stop();
  };
  restart_ = [this] { found_ = false; };
}

void ClsactDirection::BeginRound() {
  std::erase_if(devices_, [](const auto& item) { return !item.second.seen; });
  for (auto& [device, known] : devices_) known.seen = false;
}

bool ClsactDirection::HasFilters(NetlinkPort& port, int device, std::uint32_t parent,
                                 bool& is_known) {
  request_.Clear();
  tcmsg header = {};
  header.tcm_ifindex = device;
  header.tcm_parent = TC_H_MAKE(TC_H_CLSACT, parent);
  request_.AddHeader(header);
  found_ = false;
  port_ = &port;
  const Status asked =
      port.Request(RTM_GETTFILTER, NLM_F_DUMP, request_.payload(), visit_, restart_);
  is_known = is_known && asked.ok();
  return found_;
}

std::size_t ClsactDirection::DirectionOf(NetlinkPort& port, int device) {
  bool is_known = true;
  const bool receive = HasFilters(port, device, TC_H_MIN_INGRESS, is_known);
  const bool transmit = HasFilters(port, device, TC_H_MIN_EGRESS, is_known);
  if (!is_known || receive == transmit) return 2;
  return receive ? 0 : 1;
}

const ClsactDrops& ClsactDirection::Of(NetlinkPort& port, const Qdisc& qdisc) {
  Known& known = devices_[qdisc.device];
  known.seen = true;
  if (known.drops == qdisc.drops) return known.by_direction;
  // The counter has 32 bits: a small step forward over its end is an increase, all else a new
  // qdisc.
  const std::uint32_t increase = qdisc.drops - known.drops;
  if (increase >= std::uint32_t{1} << 31) known = {};
  known.by_direction[DirectionOf(port, qdisc.device)] += qdisc.drops - known.drops;
  known.drops = qdisc.drops;
  return known.by_direction;
}

}  // namespace netstack::qdisc
