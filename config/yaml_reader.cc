#include "config/yaml_reader.h"

#include <algorithm>
#include <tuple>

#include "config/nearest.h"
#include "config/utf8.h"

namespace netstack {
namespace {

using Kind = YamlNode::Kind;

constexpr std::size_t kMaxErrors = 20;

std::string_view NameOf(Kind kind) {
  switch (kind) {
    case Kind::kNull:
      return "nothing";
    case Kind::kScalar:
      return "a single value";
    case Kind::kSequence:
      return "a list";
    case Kind::kMapping:
      return "a mapping";
  }
  return "";
}

bool MustBePlain(OptionSpec::Kind kind) {
  return kind == OptionSpec::Kind::kBool || kind == OptionSpec::Kind::kInteger;
}

}  // namespace

std::string JoinKeys(std::string_view name, std::string_view key) {
  return name.empty() ? Printable(key) : std::string(name) + "." + Printable(key);
}

YamlReader::YamlReader(std::string_view path, std::string_view text)
    : path_(path), root_(ParseYaml(path, text, errors_)) {}

void YamlReader::Complain(const YamlNode& at, std::string what) {
  errors_.push_back({.kind = ErrorKind::kInvalid,
                     .path = std::string(path_),
                     .line = at.line,
                     .column = at.column,
                     .what = std::move(what)});
}

void YamlReader::ForEach(const YamlNode& node, std::string_view name,
                         std::span<const std::string_view> known, const Visit& visit) {
  ForEach(node, name, [&](const YamlNode& key, const YamlNode& value) {
    if (std::ranges::find(known, key.text) != known.end()) return visit(key, value);
    Complain(key, "unknown key '" + JoinKeys(name, key.text) + "'" + DidYouMean(key.text, known));
  });
}

void YamlReader::ForEach(const YamlNode& node, std::string_view name, const Visit& visit) {
  if (node.kind == Kind::kNull) return;
  if (node.kind != Kind::kMapping) {
    const std::string subject = name.empty() ? "the file" : std::string(name);
    return Complain(node,
                    subject + ": expected a mapping, found " + std::string(NameOf(node.kind)));
  }
  for (std::size_t i = 0; i < node.items.size(); ++i) visit(node.keys[i], node.items[i]);
}

std::optional<std::vector<std::string>> YamlReader::TextsFor(const OptionSpec& spec,
                                                             std::string_view name,
                                                             const YamlNode& node) {
  const auto refuse = [&](const YamlNode& at, std::string_view found) {
    Complain(at, std::string(name) + ": expected " + ExpectedValue(spec) + ", found " +
                     std::string(found));
    return std::nullopt;
  };
  if (spec.kind == OptionSpec::Kind::kList) {
    if (node.kind != Kind::kSequence) return refuse(node, NameOf(node.kind));
    std::vector<std::string> texts;
    for (const YamlNode& item : node.items) {
      if (item.kind != Kind::kScalar)
        return refuse(item, std::string(NameOf(item.kind)) + " in it");
      texts.push_back(item.text);
    }
    return texts;
  }
  if (node.kind != Kind::kScalar) return refuse(node, NameOf(node.kind));
  if (node.quoted && MustBePlain(spec.kind)) return refuse(node, "a text in quotes");
  return std::vector<std::string>{node.text};
}

std::vector<Error> YamlReader::TakeErrors() {
  std::ranges::stable_sort(errors_, {},
                           [](const Error& e) { return std::tuple(e.line, e.column); });
  if (errors_.size() > kMaxErrors) {
    const std::size_t left = errors_.size() - (kMaxErrors - 1);
    errors_.resize(kMaxErrors);
    errors_.back().what = "and " + std::to_string(left) + " errors more from here on";
  }
  return std::move(errors_);
}

}  // namespace netstack
