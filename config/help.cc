#include "config/flag_table.h"
#include "config/wrap.h"

namespace netstack {
namespace {

using Kind = OptionSpec::Kind;

constexpr std::string_view kHelpIndent = "          ";

// --[no-]name, --name=VALUE, --name=VALUE ...
void AppendFlag(std::string& out, std::string_view name, const OptionSpec& spec,
                std::string_view default_value) {
  const bool is_bool = spec.kind == Kind::kBool;
  out.append(is_bool ? "      --[no-]" : "      --").append(name);
  if (!is_bool) out.append("=").append(default_value.empty() ? "\"\"" : default_value);
  out += spec.kind == Kind::kList ? " ...\n" : "\n";
  std::string help(spec.help);
  if (spec.kind == Kind::kList) help += " May be repeated.";
  if (spec.kind == Kind::kWord) help += " Must be " + ExpectedValue(spec) + ".";
  if (is_bool && default_value == "true") help += " On unless told otherwise.";
  AppendWrapped(out, kHelpIndent, help);
}

void AppendSubcommand(std::string& out, const Subcommand& subcommand) {
  out.append("  ").append(subcommand.name);
  if (!subcommand.argument.empty()) {
    out.append(subcommand.argument_needed ? " " : " [").append(subcommand.argument);
    if (!subcommand.argument_needed) out += "]";
  }
  out += "\n";
  AppendWrapped(out, kHelpIndent, subcommand.help);
  for (const OptionSpec& spec : subcommand.options)
    AppendFlag(out, spec.name, spec, spec.default_value);
}

}  // namespace

std::string HelpText(const CommandLineSpec& spec) {
  std::string out = "usage: " + std::string(spec.program) + " [SUBCOMMAND] [FLAGS]\n\n";
  AppendWrapped(out, "", spec.summary);
  out += "\nSubcommands:\n";
  for (const Subcommand& subcommand : spec.subcommands) AppendSubcommand(out, subcommand);
  out += "\nFlags:\n  -h, --help\n";
  AppendWrapped(out, kHelpIndent, "Show this text.");
  out += "      --version\n";
  AppendWrapped(out, kHelpIndent, "Show the version.");
  for (const Flag& flag : CommonFlags(spec.collectors)) {
    AppendFlag(out, flag.name, flag.spec, flag.default_value);
  }
  return out;
}

}  // namespace netstack
