#include "collectors/queue_map.h"

#include "kernel/netlink/nlabi.h"

namespace netstack::netdev {

std::optional<Queue> QueueOf(const NetdevMessage& message) {
  const auto device = message.Get(nlabi::kNetdevAQueueIfindex);
  const auto number = message.Get(nlabi::kNetdevAQueueId);
  const auto type = message.Get(nlabi::kNetdevAQueueType);
  if (!device || !number || !type || *type > 1) return std::nullopt;
  return Queue{.device = *device,
               .number = *number,
               .is_transmit = *type == 1,
               .napi = message.Get(nlabi::kNetdevAQueueNapiId).value_or(0)};
}

std::optional<Napi> NapiOf(const NetdevMessage& message) {
  const auto device = message.Get(nlabi::kNetdevANapiIfindex);
  const auto id = message.Get(nlabi::kNetdevANapiId);
  if (!device || !id) return std::nullopt;
  return Napi{.device = *device,
              .id = *id,
              .irq = message.Get(nlabi::kNetdevANapiIrq),
              .thread_pid = message.Get(nlabi::kNetdevANapiPid),
              .defer_hard_irqs = message.Get(nlabi::kNetdevANapiDeferHardIrqs),
              .gro_flush_timeout = message.Get(nlabi::kNetdevANapiGroFlushTimeout),
              .irq_suspend_timeout = message.Get(nlabi::kNetdevANapiIrqSuspendTimeout),
              .threaded = message.Get(nlabi::kNetdevANapiThreaded)};
}

QueueMap::QueueMap(NetdevFamily& family) : family_(family) {
  visit_queue_ = [this](const NetdevMessage& message) {
    if (const auto queue = QueueOf(message)) queues_.push_back(*queue);
  };
  visit_napi_ = [this](const NetdevMessage& message) {
    if (const auto napi = NapiOf(message)) napis_.push_back(*napi);
  };
  restart_queues_ = [this] { queues_.clear(); };
  restart_napis_ = [this] { napis_.clear(); };
}

Status QueueMap::Read() {
  queues_.clear();
  napis_.clear();
  if (Status asked = family_.Dump(nlabi::kNetdevCmdQueueGet, {}, visit_queue_, restart_queues_);
      !asked) {
    return asked;
  }
  return family_.Dump(nlabi::kNetdevCmdNapiGet, {}, visit_napi_, restart_napis_);
}

}  // namespace netstack::netdev
