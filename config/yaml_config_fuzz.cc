// Feeds bytes to the configuration file's reader. Whatever they are, it loads them or says where
// they are wrong.
#include <cstdint>
#include <cstdlib>

#include "config/sample_collectors.h"
#include "config/yaml_config.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  netstack::ConfigDraft draft(netstack::kSampleCollectors);
  for (const netstack::Error& error : netstack::ApplyYaml("fuzz.yml", text, draft)) {
    if (error.line == 0 || error.column == 0 || error.what.empty()) std::abort();
    for (const char c : error.Describe()) {
      if (c >= 0 && c < ' ') std::abort();
    }
  }
  static_cast<void>(draft.Build());
  return 0;
}
