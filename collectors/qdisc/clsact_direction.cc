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

std::string_view ClsactDirection::Of(NetlinkPort& port, const Qdisc& qdisc) {
  const auto [place, is_new] = devices_.try_emplace(qdisc.device);
  Known& known = place->second;
  known.seen = true;
  if (!is_new && known.drops == qdisc.drops) return known.direction;
  known.drops = qdisc.drops;
  bool is_known = true;
  const bool receive = HasFilters(port, qdisc.device, TC_H_MIN_INGRESS, is_known);
  const bool transmit = HasFilters(port, qdisc.device, TC_H_MIN_EGRESS, is_known);
  if (!is_known || receive == transmit) {
    known.direction = "either";
  } else {
    known.direction = receive ? "receive" : "transmit";
  }
  return known.direction;
}

}  // namespace netstack::qdisc
