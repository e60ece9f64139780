#include "kernel/bpf/tcp_iterator.h"

#include <bpf/bpf.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "kernel/bpf/objects.h"
#include "kernel/bpf/own_namespace.h"

namespace netstack {
namespace {

constexpr std::string_view kPath = "eBPF iter/tcp";

// The link of a program by its hook's name, or null.
const Fd* LinkOf(const LoadedObject& object, std::span<const ProgramStatus> statuses,
                 std::string_view name) {
  for (const LoadedObject::Program& program : object.programs) {
    if (statuses[program.status].name == name) return &program.link;
  }
  return nullptr;
}

}  // namespace

std::shared_ptr<TcpIterator> TcpIterator::Load(const btf* types,
                                               std::span<ProgramStatus> statuses) {
  const ObjectPlan plan = {.collector = "sockets",
                           .elf = TcpSocketsElf(),
                           .hooks = kSocketHooks,
                           .maps = {},
                           .config = BytesOf(std::uint32_t{0})};
  std::shared_ptr<TcpIterator> iterator(new TcpIterator);
  iterator->object_ = LoadObject(plan, types, statuses);
  if (!iterator->object_) return nullptr;
  iterator->all_.link = LinkOf(*iterator->object_, statuses, "tcp_sockets");
  iterator->listeners_.link = LinkOf(*iterator->object_, statuses, "tcp_listeners");
  if (iterator->all_.link == nullptr || iterator->listeners_.link == nullptr) return nullptr;
  return iterator;
}

Status TcpIterator::Read(Program& program, const Visitor& visit) {
  const Fd iterator(bpf_iter_create(program.link->get()));
  if (iterator.get() < 0) return ErrorFromErrno(errno, kPath, "create");
  const std::span<std::byte> buffer = program.buffer.span();
  std::size_t kept = 0;  // Of a record that came in part.
  for (;;) {
    const ssize_t got = read(iterator.get(), buffer.data() + kept, buffer.size() - kept);
    if (got < 0 && errno == EINTR) continue;
    // Where the program asked to stop; what was written before came with the reads before.
    if (got < 0 && errno == EAGAIN) return {};
    if (got < 0) return ErrorFromErrno(errno, kPath, "read");
    if (got == 0) return {};
    const std::size_t size = kept + static_cast<std::size_t>(got);
    std::size_t at = 0;
    netstack_tcp_socket socket;
    for (; size - at >= sizeof socket; at += sizeof socket) {
      std::memcpy(&socket, buffer.data() + at, sizeof socket);
      if (!visit(socket)) return {};
    }
    kept = size - at;
    std::memmove(buffer.data(), buffer.data() + at, kept);
  }
}

}  // namespace netstack
