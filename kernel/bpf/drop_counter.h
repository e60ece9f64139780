#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <span>

#include "kernel/bpf/loader.h"
#include "kernel/bpf/programs/layouts.h"
#include "kernel/bpf/slots.h"
#include "kernel/bpf/source.h"

namespace netstack {

// The program that counts drops. Null when it could not be put to work.
class DropCounter : public DropSource {
 public:
  static std::shared_ptr<DropCounter> Load(const btf* types, std::span<ProgramStatus> statuses);

  void Read(std::vector<DropCount>& out) override;
  void SetDevices(std::span<const std::uint32_t> ifindexes) override;
  void ReadDevices(bool all, std::vector<DeviceDropCount>& out) override;
  std::size_t devices_without_row() const override { return without_row_; }
  bool KnowsNamespaces() const override { return knows_namespaces_; }
  const LoadedObject& object() const { return *object_; }

 private:
  using Row = std::array<std::uint64_t, NETSTACK_DROP_NAMES>;

  DropCounter() = default;
  // Gives the reasons' names their positions in the rows of devices, `reasons` being by cell.
  void Name(const std::vector<std::string>& reasons, netstack_drop_config& config);
  std::uint64_t SumOf(std::size_t device, std::size_t name) const;
  void AddDevice(std::size_t number, bool all, std::vector<DeviceDropCount>& out) const;

  std::unique_ptr<LoadedObject> object_;
  std::vector<std::string> names_;  // By cell; those the kernel has no name for are made up.
  std::vector<bool> is_named_;
  std::vector<std::string> device_names_ = {"unknown"};  // By position in a device's row.
  bool knows_namespaces_ = false;
  std::atomic<std::size_t> without_row_ = 0;

  std::mutex mutex_;  // Guards all below.
  Slots devices_{NETSTACK_DROP_DEVICES};
  std::vector<Row> bases_{NETSTACK_DROP_DEVICES};  // What a row had when its device got it.
};

}  // namespace netstack
