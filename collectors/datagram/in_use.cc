#include "collectors/datagram/in_use.h"

#include <netinet/in.h>

namespace netstack::datagram {
namespace {

constexpr std::size_t kFileSize = 1024;

Sockstat::Value CountOf(const SourceRow& row, const Sockstat& numbers) {
  if (row.kind != SourceRow::Kind::kInet) return std::nullopt;
  return row.ip_protocol == IPPROTO_UDP ? numbers.udp_inuse : numbers.udp_lite_inuse;
}

}  // namespace

InUse::InUse(const Kernel& kernel)
    : versions_{Version{kernel.ProcFile("net/sockstat", kFileSize)},
                Version{kernel.ProcFile("net/sockstat6", kFileSize)}} {}

void InUse::Update() {
  for (Version& version : versions_) {
    const Result<std::string_view> text = version.file.Read();
    const bool known = text.ok() && ParseSockstat(*text, version.file.path(), version.numbers).ok();
    if (!known) version.numbers = {};
  }
}

bool InUse::HasNone(const SourceRow& row) const {
  return CountOf(row, versions_[row.family == AF_INET6 ? 1 : 0].numbers) == 0u;
}

}  // namespace netstack::datagram
