#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "collectors/irq/action_name.h"
#include "collectors/irq/interrupts_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::array<netstack::NetworkCard, 3> cards = {{
      {.name = "eth0", .label = "eth0", .driver = "virtio_net", .parent = "virtio1"},
      {.name = "eth1", .label = "eth1", .driver = "e1000e", .parent = "0000:00:03.0"},
      {.name = "rx", .label = "rx", .driver = "", .parent = ""},
  }};
  netstack::irq::Interrupts interrupts;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (!ParseInterrupts(text, "/proc/interrupts", interrupts)) return 0;
  for (const auto& row : interrupts.rows) {
    (void)netstack::irq::UnderstandActions(row.actions, cards);
  }
  return 0;
}
