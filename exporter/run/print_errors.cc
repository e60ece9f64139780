#include "exporter/run/print_errors.h"

#include <cstdio>
#include <string>

namespace netstack {

int PrintErrors(std::span<const Error> errors) {
  for (const Error& error : errors) {
    std::fprintf(stderr, "netstack_exporter: %s\n", error.Describe().c_str());
  }
  return 2;
}

}  // namespace netstack
