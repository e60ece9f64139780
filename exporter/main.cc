#include <malloc.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/catalog.h"
#include "config/flags.h"
#include "config/load.h"
#include "config/web_config.h"
#include "exporter/path/families.h"
#include "exporter/record/record.h"
#include "exporter/reference/json.h"
#include "exporter/reference/reference.h"
#include "exporter/reference/stage_section.h"
#include "exporter/run/doctor.h"
#include "exporter/run/one_scrape.h"
#include "exporter/run/print_errors.h"
#include "exporter/run/serve.h"
#include "exporter/scrape/families.h"
#include "exporter/self/build.h"
#include "exporter/self/families.h"

namespace netstack {
namespace {

int PrintReference(const CommandLine& line) {
  const std::array<ReferenceSource, 3> others = {ReferenceSource{"path", kPathFamilies},
                                                 ReferenceSource{"scrape", kScrapeFamilies},
                                                 ReferenceSource{"self", kSelfFamilies}};
  const std::string& stage = line.options.Text("stage");
  const StageInfo* const info = StageNamed(stage);
  if (info == nullptr && !stage.empty()) {
    const Error error = {.kind = ErrorKind::kInvalid,
                         .path = "--stage",
                         .what = "not a stage, as receive-backlog: '" + stage + "'"};
    return PrintErrors({&error, 1});
  }
  std::string text;
  if (info != nullptr) {
    text = WriteStageSection(*info, Catalog(), others);
  } else if (line.options.Text("format") == "json") {
    text = WriteReferenceJson(Catalog(), others);
  } else {
    text = WriteReference(Catalog(), others);
  }
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() ? EXIT_SUCCESS
                                                                         : EXIT_FAILURE;
}

int CheckConfig(const CommandLine& line) {
  ConfigSources sources = line.sources;
  sources.file = line.arguments.front();
  Config config;
  std::vector<Error> errors = LoadConfig(Catalog(), sources, config);
  if (errors.empty() && !config.web.config_file.empty()) {
    if (auto web = LoadWebConfig(config.web.config_file); !web) errors.push_back(web.error());
  }
  if (!errors.empty()) return PrintErrors(errors);
  std::printf("%s: ok\n", sources.file.c_str());
  return EXIT_SUCCESS;
}

constexpr int kLargePiece = 64 << 10;

struct Command {
  std::string_view name;
  int (*run)(const CommandLine& line);
};

constexpr std::array<Command, 6> kCommands = {{{"serve", Serve},
                                               {"metrics", PrintMetrics},
                                               {"doctor", Doctor},
                                               {"record", Record},
                                               {"reference", PrintReference},
                                               {"check-config", CheckConfig}}};

int Run(std::span<const std::string> arguments) {
  const std::string version =
      std::string("netstack_exporter, version ") + kVersion + " (revision: " + kRevision + ", " +
      kCompiler + ", eBPF: " + kEbpf +
      (kSanitizers[0] == '\0' ? "" : std::string(", sanitizers: ") + kSanitizers) + ")\n";
  const auto line = ParseCommandLine(
      {.program = "netstack_exporter",
       .summary = "Shows where packets queue, wait and die in the Linux network stack.",
       .version = version,
       .collectors = Catalog()},
      arguments);
  if (!line) return PrintErrors({&line.error(), 1});
  if (!line->answer.empty()) {
    std::fputs(line->answer.c_str(), stdout);
    return EXIT_SUCCESS;
  }
  for (const Command& command : kCommands) {
    if (command.name == line->subcommand) return command.run(*line);
  }
  return EXIT_FAILURE;
}

}  // namespace
}  // namespace netstack

int main(int argc, char** argv) {
  // Each thread would get an arena of the allocator to itself, and keep in it what it frees. Large
  // pieces are mapped, so that they go back: they are made once, or for a while when the page gets
  // another shape. Left alone, the allocator would raise that limit with the first it frees.
  mallopt(M_ARENA_MAX, 1);
  mallopt(M_MMAP_THRESHOLD, netstack::kLargePiece);
  mallopt(M_TRIM_THRESHOLD, netstack::kLargePiece);
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  return netstack::Run(arguments);
}
