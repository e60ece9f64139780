#pragma once

#include <memory>
#include <span>

#include "kernel/bpf/loader.h"
#include "kernel/bpf/source.h"

namespace netstack {

// The program that counts drops. Null when it could not be put to work.
class DropCounter : public DropSource {
 public:
  static std::shared_ptr<DropCounter> Load(const btf* types, std::span<ProgramStatus> statuses);

  void Read(std::vector<DropCount>& out) override;
  bool KnowsNamespaces() const override { return knows_namespaces_; }
  const LoadedObject& object() const { return *object_; }

 private:
  DropCounter() = default;
  std::unique_ptr<LoadedObject> object_;
  std::vector<std::string> names_;  // By cell; those the kernel has no name for are made up.
  std::vector<bool> is_named_;
  bool knows_namespaces_ = false;
};

}  // namespace netstack
