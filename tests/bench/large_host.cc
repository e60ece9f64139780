// Writes a made-up host with many network cards or queues into a folder, as the exporter's recorder
// would: `netstack_exporter --kernel.replay=FOLDER` reads it through the code that reads a kernel.
//
//   large_host FOLDER CARDS QUEUES [DRIVER]
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>

#include "kernel/record/host_recording.h"
#include "tests/contract/made_host.h"
#include "tests/golden/catalog_run.h"

int main(int argc, char** argv) {
  const std::span arguments(argv, static_cast<std::size_t>(argc));
  if (arguments.size() < 4) {
    std::fputs("usage: large_host FOLDER CARDS QUEUES [DRIVER]\n", stderr);
    return 2;
  }
  const netstack::MadeHost host({.devices = std::atoi(arguments[2]),
                                 .queues = std::atoi(arguments[3]),
                                 .driver = arguments.size() > 4 ? arguments[4] : "virtio_net"});
  const netstack::Kernel kernel = host.kernel();
  auto recording = netstack::HostRecording::Start(arguments[1], kernel.roots, kernel.netlink);
  if (!recording) {
    std::fprintf(stderr, "large_host: %s\n", recording.error().Describe().c_str());
    return 1;
  }
  netstack::CatalogRun run((*recording)->kernel(), {});
  // Twice: some files are read from the second round on only.
  run.Round();
  const netstack::CatalogRound round = run.Round();
  if ((*recording)->failures() != 0) {
    std::fputs("large_host: not everything could be written\n", stderr);
    return 1;
  }
  std::printf("%zu bytes of page\n", round.text.size());
  return 0;
}
