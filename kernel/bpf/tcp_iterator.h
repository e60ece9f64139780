#pragma once

#include <memory>
#include <span>

#include "kernel/bpf/loader.h"
#include "kernel/bpf/tcp_sockets.h"
#include "kernel/raw_buffer.h"

namespace netstack {

// The programs that list TCP sockets. Null when not both could be put to work.
class TcpIterator : public TcpSockets {
 public:
  static std::shared_ptr<TcpIterator> Load(const btf* types, std::span<ProgramStatus> statuses);

  Status ReadAll(const Visitor& visit) override { return Read(all_, visit); }
  Status ReadListeners(const Visitor& visit) override { return Read(listeners_, visit); }
  const LoadedObject& object() const { return *object_; }

 private:
  // The kernel hands out at most 32 KiB at a time.
  struct Program {
    const Fd* link = nullptr;
    RawBuffer<std::byte> buffer = RawBuffer<std::byte>(32u << 10);
  };

  TcpIterator() = default;
  static Status Read(Program& program, const Visitor& visit);

  std::unique_ptr<LoadedObject> object_;
  Program all_;
  Program listeners_;
};

}  // namespace netstack
