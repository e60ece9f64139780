#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/load.h"
#include "kernel/result.h"

namespace netstack {

// The front end for the command line.

// Something that the program can do, with the flags and the argument it takes beside the common
// ones. A new subcommand is a row in flag_table.cc.
struct Subcommand {
  std::string_view name;
  std::string_view help;
  std::span<const OptionSpec> options = {};
  std::string_view argument = {};  // "FILE", "FIRST SECOND": so many are taken; empty: none.
  bool argument_needed = true;     // False: all of them or none.
};

// serve, which is meant where none is named, metrics, doctor, record, reference and check-config.
std::span<const Subcommand> Subcommands();

// What this program's command line can say. The data must outlive what is parsed from it.
struct CommandLineSpec {
  std::string_view program;
  std::string_view summary;
  std::string_view version;  // Text of --version.
  CollectorList collectors;
  std::span<const Subcommand> subcommands =
      Subcommands();  // The first is meant where none is said.
};

struct CommandLine {
  std::string_view subcommand;         // A name of CommandLineSpec::subcommands.
  std::vector<std::string> arguments;  // As many as Subcommand::argument has words, or none.
  OptionValues options;                // Of the subcommand.
  ConfigSources sources;               // For LoadConfig, as often as needed.
  std::string answer;  // Not empty: print it to standard output and leave with status 0.
};

// Parses the arguments that follow the program's name. Flags are spelled as node_exporter's: --name
// value, --name=value (the value may be empty), --[no-]name for yes and no; lists are repeated.
// Values are checked by LoadConfig, which knows the file too. An error names the flag.
Result<CommandLine> ParseCommandLine(const CommandLineSpec& spec,
                                     std::span<const std::string> arguments);

// The text of --help.
std::string HelpText(const CommandLineSpec& spec);

}  // namespace netstack
