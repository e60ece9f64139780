#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "kernel/bpf/source.h"

namespace netstack {

// Programs in the kernel that have counted what a test says. Sources that are not set are absent.
class FakeBpf : public BpfSource {
 public:
  class Drops : public DropSource {
   public:
    void Read(std::vector<DropCount>& out) override { out = counts; }
    void SetDevices(std::span<const std::uint32_t> ifindexes) override {
      devices.assign(ifindexes.begin(), ifindexes.end());
      ++times_set;
    }
    void ReadDevices(bool all, std::vector<DeviceDropCount>& out) override {
      out = device_counts;
      if (all) return;
      std::erase_if(out,
                    [](const DeviceDropCount& count) { return !IsCountedByDevice(count.reason); });
    }
    std::size_t devices_without_row() const override { return without_row; }
    bool KnowsNamespaces() const override { return knows_namespaces; }
    std::vector<DropCount> counts;
    std::vector<DeviceDropCount> device_counts;
    std::vector<std::uint32_t> devices;  // As they were set.
    std::size_t times_set = 0;
    std::size_t without_row = 0;
    bool knows_namespaces = true;
  };
  class Queues : public QueueSource {
   public:
    void SetPorts(std::span<const std::uint16_t> to_listen, std::span<const std::uint16_t> to_reach,
                  std::size_t at_most) override {
      listening.assign(to_listen.begin(), to_listen.end());
      remote.assign(to_reach.begin(), to_reach.end());
      most = at_most;
    }
    void LookAtAll(bool all) override { looks_at_all = all; }
    void Read(Clock::time_point, std::chrono::nanoseconds within, QueueRecord& out) override {
      look_back = within;
      out = record;
    }
    QueueRecord record;
    std::vector<std::uint16_t> listening;
    std::vector<std::uint16_t> remote;
    std::size_t most = 0;
    std::chrono::nanoseconds look_back{0};
    bool looks_at_all = true;
  };
  class Napi : public NapiSource {
   public:
    void SetQueues(std::span<const std::uint32_t> ids) override {
      napi_ids.assign(ids.begin(), ids.end());
    }
    void Read(NapiRecord& out) override { out = record; }
    NapiRecord record;
    std::vector<std::uint32_t> napi_ids;  // As they were set.
  };
  class Irqs : public IrqSource {
   public:
    void SetInterrupts(std::span<const CardInterrupt> of_cards) override {
      interrupts.assign(of_cards.begin(), of_cards.end());
    }
    void Read(std::vector<CardTimes>& out) override { out = times; }
    std::size_t untimed() const override { return without_row; }
    std::vector<CardTimes> times;
    std::vector<CardInterrupt> interrupts;  // As they were set.
    std::size_t without_row = 0;
  };

  class Prunes : public PruneSource {
   public:
    void Read(PruneRecord& out) override { out = record; }
    PruneRecord record;
  };
  class Accepts : public AcceptSource {
   public:
    void SetPorts(std::span<const std::uint16_t> to_listen, std::size_t at_most) override {
      listening.assign(to_listen.begin(), to_listen.end());
      most = at_most;
    }
    void Read(AcceptRecord& out) override { out = record; }
    AcceptRecord record;
    std::vector<std::uint16_t> listening;
    std::size_t most = 0;
  };

  std::vector<ProgramStatus> Programs() override { return programs; }
  std::shared_ptr<DropSource> drops() override { return drops_; }
  std::shared_ptr<QueueSource> queues() override { return queues_; }
  std::shared_ptr<NapiSource> napi() override { return napi_; }
  std::shared_ptr<PruneSource> prunes() override { return prunes_; }
  std::shared_ptr<AcceptSource> accepts() override { return accepts_; }
  std::shared_ptr<IrqSource> irqs() override { return irqs_; }

  Drops& MakeDrops() { return *(drops_ = std::make_shared<Drops>()); }
  Queues& MakeQueues() { return *(queues_ = std::make_shared<Queues>()); }
  Napi& MakeNapi() { return *(napi_ = std::make_shared<Napi>()); }
  Prunes& MakePrunes() { return *(prunes_ = std::make_shared<Prunes>()); }
  Accepts& MakeAccepts() { return *(accepts_ = std::make_shared<Accepts>()); }
  Irqs& MakeIrqs() { return *(irqs_ = std::make_shared<Irqs>()); }

  std::vector<ProgramStatus> programs;

 private:
  std::shared_ptr<Drops> drops_;
  std::shared_ptr<Queues> queues_;
  std::shared_ptr<Napi> napi_;
  std::shared_ptr<Prunes> prunes_;
  std::shared_ptr<Accepts> accepts_;
  std::shared_ptr<Irqs> irqs_;
};

}  // namespace netstack
