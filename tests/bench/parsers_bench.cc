// Cost of the parsers that see most bytes, by how much there is to parse.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <string>

#include "collectors/link/link_message.h"
#include "collectors/protocols/header_pairs.h"
#include "collectors/protocols/snmp6.h"
#include "collectors/softnet/softnet_stat.h"
#include "kernel/file.h"
#include "tests/bench/synthetic_devices.h"

namespace netstack {
namespace {

// As Linux 6.18 writes it: 15 columns.
std::string SoftnetText(int cpus) {
  std::string text;
  for (int cpu = 0; cpu < cpus; ++cpu) {
    char line[160];
    std::snprintf(line, sizeof line,
                  "%08x %08x %08x 00000000 00000000 00000000 00000000 00000000 00000000 %08x "
                  "00000000 %08x %08x %08x %08x\n",
                  0x1234567u, 12u, 345u, 6u, 7u, static_cast<unsigned>(cpu), 3u, 4u);
    text += line;
  }
  return text;
}

void BM_ParseSoftnetStat(benchmark::State& state) {
  const std::string text = SoftnetText(static_cast<int>(state.range(0)));
  softnet::SoftnetStat parsed;
  for (auto _ : state) {
    if (!softnet::ParseSoftnetStat(text, {}, parsed)) state.SkipWithError("malformed");
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
  state.SetComplexityN(state.range(0));
}
BENCHMARK(BM_ParseSoftnetStat)->RangeMultiplier(8)->Range(8, 4096)->Complexity();

void ParseProcFile(benchmark::State& state, const std::string& path) {
  const Result<std::string> text = ReadFile(path);
  if (!text) return state.SkipWithError("this kernel does not have it");
  protocols::FieldValues parsed;
  for (auto _ : state) {
    const bool snmp6 = path.ends_with("snmp6");
    if (!(snmp6 ? protocols::ParseSnmp6(*text, parsed)
                : protocols::ParseHeaderPairs(*text, path, parsed))) {
      state.SkipWithError("malformed");
    }
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text->size()));
}
BENCHMARK_CAPTURE(ParseProcFile, snmp, "/proc/self/net/snmp");
BENCHMARK_CAPTURE(ParseProcFile, netstat, "/proc/self/net/netstat");
BENCHMARK_CAPTURE(ParseProcFile, snmp6, "/proc/self/net/snmp6");

void BM_ParseLinkMessage(benchmark::State& state) {
  const std::vector<std::byte> message = SyntheticLink(7, state.range(0) != 0);
  link::Link parsed;
  for (auto _ : state) {
    if (!link::ParseLinkMessage(message, parsed)) state.SkipWithError("malformed");
  }
}
BENCHMARK(BM_ParseLinkMessage)->ArgName("hardware")->Arg(0)->Arg(1);

}  // namespace
}  // namespace netstack

BENCHMARK_MAIN();
