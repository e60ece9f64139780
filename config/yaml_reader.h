#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/options.h"
#include "config/yaml_tree.h"

namespace netstack {

// Reads a tree against rows of options and gathers everything that is wrong with it. Keys are named
// in full: "web.listen-address".
class YamlReader {
 public:
  // Parses `text`. `path` is the file's name in the errors and must outlive the reader.
  YamlReader(std::string_view path, std::string_view text);

  const YamlNode& root() const { return root_; }

  void Complain(const YamlNode& at, std::string what);

  // What an entry of a mapping is handed to: its key and its value.
  using Visit = std::function<void(const YamlNode& key, const YamlNode& value)>;
  // Visits each entry of `node`, which `name` leads to; null counts as a mapping without entries,
  // anything else is complained about. Only keys in `known` are visited, the others are unknown.
  void ForEach(const YamlNode& node, std::string_view name, std::span<const std::string_view> known,
               const Visit& visit);
  // The same with any key.
  void ForEach(const YamlNode& node, std::string_view name, const Visit& visit);

  // What was written for an option: one text, or the items of a list. Nothing, and a complaint,
  // when the form of `node` does not fit the kind of the option.
  std::optional<std::vector<std::string>> TextsFor(const OptionSpec& spec, std::string_view name,
                                                   const YamlNode& node);

  // In the order of the file; of a file that is no configuration at all only the first few.
  std::vector<Error> TakeErrors();

 private:
  std::string_view path_;
  std::vector<Error> errors_;
  YamlNode root_;
};

// "web" and "listen-address" make "web.listen-address"; an empty name adds nothing.
std::string JoinKeys(std::string_view name, std::string_view key);

}  // namespace netstack
