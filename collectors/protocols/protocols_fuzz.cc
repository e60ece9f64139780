#include <cstddef>
#include <cstdint>

#include "collectors/protocols/families.h"
#include "collectors/protocols/field_map.h"
#include "collectors/protocols/header_pairs.h"
#include "collectors/protocols/snmp6.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace netstack::protocols;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string_view half = text.substr(0, size / 2);
  FieldValues pairs;
  FieldValues snmp6;
  // Twice into one record: what is remembered of the first text must not harm the second.
  for (const std::string_view each : {text, half, text}) {
    if (ParseHeaderPairs(each, "/proc/net/netstat", pairs) &&
        pairs.fields.size() != pairs.values.size()) {
      __builtin_trap();
    }
    if (ParseSnmp6(each, snmp6) && snmp6.fields.size() != snmp6.values.size()) __builtin_trap();
  }
  static const FieldMap map(kKnownFamilies);
  for (const Field& field : pairs.fields) (void)map.Find(field.group, field.name);
  for (const Field& field : snmp6.fields) (void)map.Find(field.group, field.name);
  return 0;
}
