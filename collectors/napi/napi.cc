#include <linux/netlink.h>

#include <array>
#include <bitset>
#include <memory>
#include <string_view>

#include "collectors/binned_histogram.h"
#include "collectors/bpf_source.h"
#include "collectors/collector.h"
#include "collectors/link/device_table.h"
#include "collectors/napi/families.h"
#include "collectors/napi/queue_polls.h"
#include "kernel/netlink/open_once.h"

namespace netstack::napi {
namespace {

// Bin b of NapiDevice ends at 2^b - 1 packets.
constexpr std::array<std::string_view, 7> kWorkBounds = {"0", "1", "3", "7", "15", "31", "63"};

constexpr std::array<std::string_view, 2> kContexts = {"interrupt", "ksoftirqd"};

void AddWork(const NapiDevice& device, std::string_view label, Samples& out) {
  const std::array<std::string_view, 1> labels = {label};
  std::uint64_t count = 0;
  for (std::size_t bin = 0; bin < kWorkBounds.size(); ++bin) {
    count += device.bins[bin];
    out.AddBucket(kFamilies[kWorkPerPoll], labels, kWorkBounds[bin], count);
  }
  count += device.bins.back();
  out.AddBucket(kFamilies[kWorkPerPoll], labels, "+Inf", count);
  out.AddSum(kFamilies[kWorkPerPoll], labels, device.work);
  out.AddCount(kFamilies[kWorkPerPoll], labels, count);
}

void AddDevice(const NapiDevice& device, std::string_view label, Samples& out) {
  out.Add(kFamilies[kPolls], {label}, device.polls);
  out.Add(kFamilies[kWork], {label}, device.work);
  out.Add(kFamilies[kExhausted], {label}, device.exhausted);
  AddWork(device, label, out);
}

void AddTimes(const std::array<SoftirqTimes, 2>& times, std::string_view vector, Samples& out) {
  for (std::size_t context = 0; context < times.size(); ++context) {
    const std::array<std::string_view, 2> labels = {vector, kContexts[context]};
    AddHistogram(kFamilies[kWait], labels, times[context].waiting, kNanosecondBounds, kNanosecond,
                 out);
    AddHistogram(kFamilies[kRun], labels, times[context].running, kNanosecondBounds, kNanosecond,
                 out);
  }
}

class NapiCollector : public Collector {
 public:
  explicit NapiCollector(const CollectorContext& context)
      : kernel_(context.kernel), devices_(kernel_, context.devices), queues_(context) {}

  Outcome Collect(Samples& out) override {
    const std::shared_ptr<NapiSource> source =
        kernel_.bpf == nullptr ? nullptr : kernel_.bpf->napi();
    if (source == nullptr) return NoPrograms();
    const Status updated = queues_.Update(*source);
    source->Read(record_);
    if (record_.sees_softirqs) {
      AddTimes(record_.receive, "net_rx", out);
      AddTimes(record_.transmit, "net_tx", out);
    }
    if (!record_.sees_polls) return {};
    if (Status named = NameDevices(); !named) {
      return {.state = CollectorState::kPartial, .error = named.error()};
    }
    AddDevices(out);
    if (!updated) return {.state = CollectorState::kPartial, .error = updated.error()};
    queues_.Add(record_, out);
    return {};
  }

 private:
  Status NameDevices() {
    if (Status opened = OpenOnce(kernel_.netlink, NETLINK_ROUTE, port_); !opened) return opened;
    return devices_.Refresh(*port_);
  }

  // Devices without series of their own are summed with the nameless. One that had some and is gone
  // is not: the sum would jump.
  void AddDevices(Samples& out) {
    NapiDevice rest;
    for (const NapiDevice& device : record_.devices) {
      const link::NamedDevice* const named = devices_.Find(device.ifindex);
      const bool shown = named != nullptr && (named->treatment == DeviceTreatment::kShown ||
                                              named->treatment == DeviceTreatment::kStacked);
      if (shown) {
        had_series_.set(device.ifindex);
        AddDevice(device, named->label, out);
      }
      if (had_series_.test(device.ifindex)) continue;
      rest.polls += device.polls;
      rest.work += device.work;
      rest.exhausted += device.exhausted;
      for (std::size_t bin = 0; bin < rest.bins.size(); ++bin) rest.bins[bin] += device.bins[bin];
    }
    AddDevice(rest, {}, out);
  }

  const Kernel kernel_;
  link::DeviceTable devices_;
  QueuePolls queues_;
  std::unique_ptr<NetlinkPort> port_;
  NapiRecord record_;
  std::bitset<256> had_series_;  // By interface index, of which the programs tell the low ones.
};

}  // namespace

extern const CollectorDeclaration kCollector;
const CollectorDeclaration kCollector = {
    .name = "napi",
    .summary =
        "Polls of each device and queue and their work; how long softirqs wait and run (eBPF).",
    .enabled_by_default = false,
    .may_block = true,
    .families = kFamilies,
    .options = kOptions,
    .create = [](const CollectorContext& context) -> std::unique_ptr<Collector> {
      return std::make_unique<NapiCollector>(context);
    },
};

}  // namespace netstack::napi
