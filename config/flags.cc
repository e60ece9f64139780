#include "config/flags.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iterator>
#include <map>
#include <sstream>

#include "config/flag_table.h"
#include "config/nearest.h"
#include "config/utf8.h"

namespace netstack {
namespace {

using Kind = OptionSpec::Kind;

Error Invalid(std::string_view subject, std::string what) {
  return {.kind = ErrorKind::kInvalid, .path = std::string(subject), .what = std::move(what)};
}

// CLI11's parser for one command line, built from the tables and used once.
class FlagParser {
 public:
  explicit FlagParser(const CommandLineSpec& spec)
      : spec_(spec), flags_(CommonFlags(spec.collectors)) {
    app_.set_help_flag("-h,--help");
    app_.set_version_flag("--version", std::string(spec.version));
    app_.fallthrough();
    app_.allow_extras();
    app_.require_subcommand(0, 1);
    for (const Flag& flag : flags_) given_.push_back(Declare(app_, flag.name, flag.spec));
    for (const Subcommand& subcommand : spec.subcommands) DeclareSubcommand(subcommand);
  }

  Result<CommandLine> Parse(std::span<const std::string> arguments) {
    CommandLine line;
    try {
      app_.parse(Prepared(arguments));
    } catch (const CLI::CallForHelp&) {
      line.answer = HelpText(spec_);
      return line;
    } catch (const CLI::CallForVersion&) {
      line.answer = std::string(spec_.version) + "\n";
      return line;
    } catch (const CLI::Error& error) {
      return Invalid("command line", Printable(error.what()));
    }
    const Status known = CheckRemaining();
    if (!known) return known.error();
    for (std::size_t i = 0; i < flags_.size(); ++i) {
      if (given_[i]->count() > 0) flags_[i].apply(line, ValuesOf(flags_[i].spec, *given_[i]));
    }
    const Status taken = TakeSubcommand(line);
    if (!taken) return taken.error();
    return line;
  }

 private:
  struct SubcommandParser {
    const Subcommand* row;
    CLI::App* app;
    std::vector<CLI::Option*> given;  // In the order of row->options.
    std::vector<CLI::Option*> arguments;
  };

  static CLI::Option* Declare(CLI::App& app, const std::string& name, const OptionSpec& spec) {
    if (spec.kind == Kind::kBool) {
      return app.add_flag("--" + name + ",!--no-" + name)
          ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
    }
    CLI::Option* option = app.add_option("--" + name)->type_size(1)->expected(1);
    if (spec.kind == Kind::kList) option->take_all();
    return option;
  }

  void DeclareSubcommand(const Subcommand& row) {
    CLI::App* app = app_.add_subcommand(std::string(row.name));
    SubcommandParser parser{.row = &row, .app = app, .given = {}, .arguments = {}};
    for (const OptionSpec& option : row.options) {
      parser.given.push_back(Declare(*app, std::string(option.name), option));
    }
    for (const std::string& word : WordsOf(row.argument)) {
      parser.arguments.push_back(app->add_option(word));
    }
    subcommands_.push_back(std::move(parser));
  }

  static std::vector<std::string> WordsOf(std::string_view text) {
    std::istringstream words{std::string(text)};
    return {std::istream_iterator<std::string>(words), {}};
  }

  // Of yes and no the last one counts; CLI11 keeps them all.
  static std::vector<std::string> ValuesOf(const OptionSpec& spec, const CLI::Option& given) {
    if (spec.kind == Kind::kBool) return {given.results().back()};
    return given.results();
  }

  // CLI11 wants its arguments last first, and refuses "--flag=" where the value may be empty.
  static std::vector<std::string> Prepared(std::span<const std::string> arguments) {
    std::vector<std::string> prepared;
    bool flags_end = false;
    for (const std::string& argument : arguments) {
      flags_end = flags_end || argument == "--";
      if (!flags_end && argument.starts_with("--") && argument.find('=') == argument.size() - 1) {
        prepared.push_back(argument.substr(0, argument.size() - 1));
        prepared.emplace_back();
      } else {
        prepared.push_back(argument);
      }
    }
    std::ranges::reverse(prepared);
    return prepared;
  }

  Status CheckRemaining() const {
    const std::vector<std::string> remaining = app_.remaining(true);
    if (remaining.empty()) return {};
    const std::string& first = remaining.front();
    if (!first.starts_with("-")) {
      std::vector<std::string_view> names;
      for (const Subcommand& row : spec_.subcommands) names.push_back(row.name);
      return Invalid("command line",
                     "unexpected argument '" + Printable(first) + "'" + DidYouMean(first, names));
    }
    std::vector<std::string> names;
    for (const Flag& flag : flags_) names.push_back("--" + flag.name);
    const std::vector<std::string_view> known(names.begin(), names.end());
    const std::string name = first.substr(0, first.find('='));
    return Invalid("command line",
                   "unknown flag '" + Printable(name) + "'" + DidYouMean(name, known));
  }

  Status TakeSubcommand(CommandLine& line) const {
    const auto parsed = std::ranges::find_if(
        subcommands_, [](const SubcommandParser& s) { return s.app->parsed(); });
    const SubcommandParser& chosen = parsed == subcommands_.end() ? subcommands_.front() : *parsed;
    line.subcommand = chosen.row->name;
    line.options = OptionValues(chosen.row->options);
    for (std::size_t i = 0; i < chosen.given.size(); ++i) {
      Status set = SetOption(chosen.row->options[i], *chosen.given[i], line.options);
      if (!set) return set;
    }
    for (const CLI::Option* argument : chosen.arguments) {
      if (argument->count() > 0) line.arguments.push_back(argument->results().front());
    }
    const bool complete = line.arguments.size() == chosen.arguments.size();
    if (complete || (line.arguments.empty() && !chosen.row->argument_needed)) return {};
    return Invalid(line.subcommand, "needs " + std::string(chosen.row->argument));
  }

  static Status SetOption(const OptionSpec& spec, const CLI::Option& given, OptionValues& options) {
    if (given.count() == 0) return {};
    const std::vector<std::string> values = ValuesOf(spec, given);
    std::string complaint = spec.kind == Kind::kList ? options.SetList(spec.name, values)
                                                     : options.Set(spec.name, values.front());
    if (complaint.empty()) return {};
    return Invalid("--" + std::string(spec.name), std::move(complaint));
  }

  const CommandLineSpec& spec_;
  std::vector<Flag> flags_;
  CLI::App app_;
  std::vector<CLI::Option*> given_;  // In the order of flags_.
  std::vector<SubcommandParser> subcommands_;
};

}  // namespace

Result<CommandLine> ParseCommandLine(const CommandLineSpec& spec,
                                     std::span<const std::string> arguments) {
  return FlagParser(spec).Parse(arguments);
}

}  // namespace netstack
