#include <cstddef>
#include <cstdint>
#include <span>

#include "collectors/qdisc/kinds.h"
#include "collectors/qdisc/qdisc_message.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  netstack::qdisc::Qdisc qdisc;
  if (!ParseQdiscMessage(std::as_bytes(std::span(data, size)), qdisc)) return 0;
  ForEachKindValue(qdisc, [](netstack::qdisc::FamilyIndex, netstack::Number) {});
  ForEachCakeTin(qdisc, [](std::size_t, netstack::qdisc::FamilyIndex, netstack::Number) {});
  return 0;
}
