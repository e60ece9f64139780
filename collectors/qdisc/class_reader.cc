#include "collectors/qdisc/class_reader.h"

#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "collectors/device_label.h"
#include "collectors/qdisc/families.h"
#include "collectors/qdisc/handle_label.h"
#include "kernel/netlink/attribute.h"

namespace netstack::qdisc {
namespace {

constexpr auto kKinds = std::to_array<std::string_view>({"htb", "hfsc", "drr", "qfq"});

}  // namespace

bool HasClasses(std::string_view kind) {
  return std::ranges::find(kKinds, kind) != kKinds.end();
}

HtbRates ParseHtbRates(std::span<const std::byte> options) {
  HtbRates rates;
  HtbRates large;  // What does not fit into 32 bits.
  NetlinkAttributes attributes(options);
  NetlinkAttribute attribute;
  while (attributes.Next(attribute)) {
    tc_htb_opt parameters;
    if (attribute.type == TCA_HTB_PARMS && ReadHeader(attribute.data, parameters)) {
      rates = {.rate = parameters.rate.rate, .ceiling = parameters.ceil.rate};
    }
    if (attribute.type == TCA_HTB_RATE64) large.rate = attribute.U64().value_or(0);
    if (attribute.type == TCA_HTB_CEIL64) large.ceiling = attribute.U64().value_or(0);
  }
  if (large.rate != 0) rates.rate = large.rate;
  if (large.ceiling != 0) rates.ceiling = large.ceiling;
  return rates;
}

ClassReader::ClassReader() {
  visit_ = [this](const NetlinkMessage& message) { Visit(message); };
  restart_ = [this] { count_ = 0; };
}

void ClassReader::Visit(const NetlinkMessage& message) {
  if (message.type != RTM_NEWTCLASS) return;
  if (count_ == classes_.size()) classes_.emplace_back();
  Status parsed = ParseQdiscMessage(message.payload, classes_[count_]);
  if (parsed) {
    ++count_;
  } else if (parsed_) {
    parsed_ = std::move(parsed);
  }
}

Status ClassReader::Add(NetlinkPort& port, const Qdisc& qdisc, std::string_view device,
                        Samples& out) {
  request_.Clear();
  tcmsg header = {};
  header.tcm_ifindex = qdisc.device;
  header.tcm_parent = TC_H_MAJ(qdisc.handle);
  request_.AddHeader(header);
  count_ = 0;
  parsed_ = {};
  if (Status asked = port.Request(RTM_GETTCLASS, NLM_F_DUMP, request_.payload(), visit_, restart_);
      !asked) {
    return asked;
  }
  const std::string kind = DeviceLabel(qdisc.kind);
  const HandleLabel handle = HandleLabel::OfHandle(qdisc.handle);
  out.Add(kFamilies[kClasses], {device, kind, handle}, std::uint64_t{count_});
  for (std::size_t i = 0; i < std::min(count_, kMostClassesShown); ++i) {
    AddClass(classes_[i], device, kind, out);
  }
  return parsed_;
}

void ClassReader::AddClass(const Qdisc& one, std::string_view device, std::string_view kind,
                           Samples& out) {
  const HandleLabel number = HandleLabel::OfParent(one.handle);
  const HandleLabel parent = HandleLabel::OfParent(one.parent);
  const auto add = [&](FamilyIndex family, std::uint64_t value) {
    out.Add(kFamilies[family], {device, kind, number, parent}, value, Visibility::kOffPath);
  };
  add(kClassBytes, one.bytes);
  add(kClassPackets, one.packets);
  add(kClassDrops, one.drops);
  add(kClassOverlimits, one.overlimits);
  add(kClassQueueLength, one.queue_length);
  add(kClassBacklog, one.backlog);
  if (one.kind != "htb") return;
  const HtbRates rates = ParseHtbRates(one.options);
  if (rates.rate != 0) add(kClassRate, rates.rate);
  if (rates.ceiling != 0) add(kClassCeiling, rates.ceiling);
  tc_htb_xstats own;
  if (!ReadHeader(one.own, own)) return;
  add(kClassHtbLends, own.lends);
  add(kClassHtbBorrows, own.borrows);
  add(kClassHtbGiants, own.giants);
}

}  // namespace netstack::qdisc
