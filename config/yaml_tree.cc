#include "config/yaml_tree.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "config/utf8.h"

namespace netstack {
namespace {

using Kind = YamlNode::Kind;

Error ErrorAt(std::string_view path, std::size_t line, std::size_t column, std::string what) {
  return {.kind = ErrorKind::kInvalid,
          .path = std::string(path),
          .line = line,
          .column = column,
          .what = std::move(what)};
}

YamlNode NodeAt(const YAML::Mark& mark, Kind kind) {
  YamlNode node;
  node.kind = kind;
  node.line = static_cast<std::size_t>(std::max(mark.line, 0)) + 1;
  node.column = static_cast<std::size_t>(std::max(mark.column, 0)) + 1;
  return node;
}

// Makes a tree of the parser's events.
class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(std::string_view path, std::vector<Error>& errors) : path_(path), errors_(errors) {}

  YamlNode TakeRoot() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override { Add(NodeAt(mark, Kind::kNull)); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    YamlNode node = NodeAt(mark, Kind::kNull);
    Complain(node, "aliases (*name) are not supported");
    Add(std::move(node));
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                const std::string& value) override {
    YamlNode node = NodeAt(mark, Kind::kScalar);
    node.text = value;
    node.quoted = tag == "!";
    CheckTag(node, tag);
    Add(std::move(node));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    Open(NodeAt(mark, Kind::kSequence), tag);
  }
  void OnSequenceEnd() override { Close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {
    Open(NodeAt(mark, Kind::kMapping), tag);
  }
  void OnMapEnd() override { Close(); }

 private:
  void Complain(const YamlNode& node, std::string what) {
    errors_.push_back(ErrorAt(path_, node.line, node.column, std::move(what)));
  }

  // yaml-cpp says "?" for a plain value and "!" for a quoted one where the file has no tag.
  void CheckTag(const YamlNode& node, const std::string& tag) {
    if (tag.empty() || tag == "?" || tag == "!") return;
    Complain(node, "tags are not supported: '" + Printable(tag) + "'");
  }

  void Open(YamlNode node, const std::string& tag) {
    CheckTag(node, tag);
    open_.push_back(std::move(node));
  }

  void Close() {
    YamlNode node = std::move(open_.back());
    open_.pop_back();
    Add(std::move(node));
  }

  void Add(YamlNode node) {
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    YamlNode& parent = open_.back();
    const bool is_mapping = parent.kind == Kind::kMapping;
    const bool is_key = is_mapping && parent.keys.size() == parent.items.size();
    if (is_mapping && !is_key && node.kind == Kind::kNull) {
      // yaml-cpp places a missing value at whatever follows it.
      node.line = parent.keys.back().line;
      node.column = parent.keys.back().column;
    }
    (is_key ? parent.keys : parent.items).push_back(std::move(node));
  }

  std::string_view path_;
  std::vector<Error>& errors_;
  std::vector<YamlNode> open_;
  YamlNode root_;
};

// Complains about keys that yaml-cpp lets pass.
class KeyCheck {
 public:
  KeyCheck(std::string_view path, std::vector<Error>& errors) : path_(path), errors_(errors) {}

  // `prefix` is what leads to `node`: "web.".
  void Check(const YamlNode& node, const std::string& prefix) {
    if (node.kind == Kind::kMapping) {
      std::set<std::string_view> seen;
      for (const YamlNode& key : node.keys) CheckKey(key, prefix, seen);
    }
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      const bool named = node.kind == Kind::kMapping;
      Check(node.items[i], named ? prefix + Printable(node.keys[i].text) + "." : prefix);
    }
  }

 private:
  void CheckKey(const YamlNode& key, const std::string& prefix, std::set<std::string_view>& seen) {
    const auto complain = [&](const std::string& what) {
      errors_.push_back(ErrorAt(path_, key.line, key.column, what));
    };
    const std::string name = "'" + prefix + Printable(key.text) + "'";
    if (key.kind != Kind::kScalar) return complain("a key must be a text, under '" + prefix + "'");
    if (key.text == "<<" && !key.quoted) return complain("merge keys are not supported: " + name);
    if (!seen.insert(key.text).second) complain("duplicate key " + name);
  }

  std::string_view path_;
  std::vector<Error>& errors_;
};

// Finds what is no text: bytes that are not UTF-8, and control characters but tab and newline.
bool IsText(std::string_view path, std::string_view text, std::vector<Error>& errors) {
  std::size_t line = 1;
  std::size_t column = 1;
  while (!text.empty()) {
    const Utf8Character c = FirstUtf8Character(text);
    const bool space = c.value == '\t' || c.value == '\n' || c.value == '\r' || c.value == 0x85;
    if (!c.valid || (IsControlCharacter(c.value) && !space)) {
      const std::string what = c.valid ? "control character" : "not UTF-8";
      errors.push_back(
          ErrorAt(path, line, column, what + ": '" + Printable(text.substr(0, c.length)) + "'"));
      return false;
    }
    column = c.value == '\n' ? 1 : column + 1;
    line += c.value == '\n' ? 1 : 0;
    text.remove_prefix(c.length);
  }
  return true;
}

}  // namespace

YamlNode ParseYaml(std::string_view path, std::string_view text, std::vector<Error>& errors) {
  if (!IsText(path, text, errors)) return {};
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    TreeBuilder builder(path, errors);
    if (!parser.HandleNextDocument(builder)) return {};
    YamlNode root = builder.TakeRoot();
    TreeBuilder second(path, errors);
    if (parser.HandleNextDocument(second)) {
      const YamlNode extra = second.TakeRoot();
      errors.push_back(
          ErrorAt(path, extra.line, extra.column, "a second document, or text after the first"));
    }
    KeyCheck(path, errors).Check(root, "");
    return root;
  } catch (const YAML::Exception& error) {
    const YamlNode at = NodeAt(error.mark, Kind::kNull);
    errors.push_back(ErrorAt(path, at.line, at.column, "not YAML: " + Printable(error.msg)));
    return {};
  }
}

}  // namespace netstack
