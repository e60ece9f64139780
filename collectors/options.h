#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace netstack {

// What a collector can be told, as data: from one row come the YAML key
// `collectors.<collector>.<name>`, the flag `--collector.<collector>.<name>` and the commented
// default configuration.
struct OptionSpec {
  enum class Kind {
    kBool,
    kInteger,   // Whole number, in [min, max].
    kDuration,  // "1s", "1m30s".
    kWord,      // One of `words`, in upper or lower case; kept as spelled there.
    kText,      // Any text.
    kRegex,     // ECMAScript expression, matched against the whole name; empty: matches nothing.
    kList,      // List of texts (YAML sequence; the flag may be repeated).
  };
  std::string_view name;  // Lower case, words joined by '-'.
  Kind kind = Kind::kText;
  std::string_view default_value;  // As a person would write it; lists: comma separated.
  std::string_view help;           // One sentence, shown in --help and in the commented YAML.
  std::string_view words = {};     // kWord: the words allowed, separated by '|'.
  std::int64_t min = 0;            // kInteger only.
  std::int64_t max = INT64_MAX;
};

// What a person has to write for `spec`: "a whole number between 1 and 10000", "true or false".
std::string ExpectedValue(const OptionSpec& spec);

// The row of that name, or null.
const OptionSpec* FindOption(std::span<const OptionSpec> specs, std::string_view name);

// The values in force for one collector: every declared option is present and valid.
// Getters take a name that the collector declared; another name is a programming error (abort).
class OptionValues {
 public:
  OptionValues() = default;
  // Starts from the defaults of `specs`, which must outlive the object.
  explicit OptionValues(std::span<const OptionSpec> specs);

  bool Bool(std::string_view name) const;
  std::int64_t Integer(std::string_view name) const;
  std::chrono::nanoseconds Duration(std::string_view name) const;
  const std::string& Text(std::string_view name) const;  // kText, kWord, kRegex.
  std::span<const std::string> List(std::string_view name) const;

  // Sets one value from what a person wrote. Returns an empty string, or what is wrong with it:
  // "not a whole number between 1 and 10000: 'many'". A refused value changes nothing. A list
  // takes its items separated by commas.
  std::string Set(std::string_view name, std::string_view value);
  // Lists only: replaces all items, which may contain commas.
  std::string SetList(std::string_view name, std::span<const std::string> items);

  std::span<const OptionSpec> specs() const { return specs_; }

  // Same names, same values.
  bool operator==(const OptionValues& other) const { return values_ == other.values_; }

 private:
  struct Value {
    bool boolean = false;
    std::int64_t integer = 0;
    std::chrono::nanoseconds duration{0};
    std::string text;
    std::vector<std::string> list;
    bool operator==(const Value&) const = default;
  };
  static std::string Parse(const OptionSpec& spec, std::string_view text, Value& out);
  const Value& At(std::string_view name, OptionSpec::Kind kind) const;

  std::span<const OptionSpec> specs_;
  std::map<std::string, Value, std::less<>> values_;
};

}  // namespace netstack
