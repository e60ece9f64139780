#include "tests/oracle/text_page.h"

#include <cctype>
#include <charconv>
#include <optional>
#include <set>

#include "exporter/exposition/utf8.h"

namespace netstack {
namespace {

bool IsNameByte(char c, bool first) {
  const auto byte = static_cast<unsigned char>(c);
  return std::isalpha(byte) != 0 || c == '_' || (!first && std::isdigit(byte) != 0);
}

bool TakeText(std::string_view& line, std::string_view text) {
  if (!line.starts_with(text)) return false;
  line.remove_prefix(text.size());
  return true;
}

std::string TakeName(std::string_view& line) {
  std::size_t size = 0;
  while (size < line.size() && IsNameByte(line[size], size == 0)) ++size;
  const std::string name(line.substr(0, size));
  line.remove_prefix(size);
  return name;
}

// Takes text up to `end` (or the end of the line, if it is 0) and undoes the escapes.
std::optional<std::string> TakeEscaped(std::string_view& line, char end) {
  std::string value;
  while (!line.empty() && (end == 0 || line.front() != end)) {
    char c = line.front();
    line.remove_prefix(1);
    if (c == '\\') {
      if (line.empty()) return std::nullopt;
      const char escaped = line.front();
      line.remove_prefix(1);
      if (escaped != 'n' && escaped != '\\' && (escaped != '"' || end == 0)) return std::nullopt;
      c = escaped == 'n' ? '\n' : escaped;
    }
    value += c;
  }
  return value;
}

bool IsUtf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = Utf8Length(text, at);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

std::optional<double> ParseValue(std::string_view text, TextDialect dialect) {
  const bool word = text.find_first_of("nN") != std::string_view::npos;
  if (word && !dialect.any_nan && text != "NaN" && text != "+Inf" && text != "-Inf") {
    return std::nullopt;
  }
  if (text.starts_with("+")) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

class Parser {
 public:
  explicit Parser(TextDialect dialect) : dialect_(dialect) {}

  TextPage Parse(std::string_view text) {
    for (std::size_t line = 1; !text.empty(); ++line) {
      const std::size_t end = text.find('\n');
      if (end == std::string_view::npos) return Fail(line, "no newline at the end");
      if (const std::string fault = ParseLine(text.substr(0, end)); !fault.empty()) {
        return Fail(line, fault + ": " + std::string(text.substr(0, end)));
      }
      text.remove_prefix(end + 1);
    }
    return page_;
  }

 private:
  TextPage Fail(std::size_t line, const std::string& fault) {
    page_.fault = "line " + std::to_string(line) + ": " + fault;
    return page_;
  }

  std::string ParseLine(std::string_view line) {
    if (!IsUtf8(line)) return "not UTF-8";
    if (TakeText(line, "# HELP ")) return ParseHelp(line);
    if (TakeText(line, "# TYPE ")) return ParseType(line);
    return ParseSample(line);
  }

  // Makes `name` the family that the next lines belong to.
  std::string Enter(const std::string& name) {
    if (name == family_) return {};
    if (!entered_.insert(name).second) return "family in two pieces";
    family_ = name;
    has_samples_ = false;
    return {};
  }

  std::string ParseHelp(std::string_view line) {
    const std::string name = TakeName(line);
    if (name.empty() || !TakeText(line, " ")) return "HELP without name";
    if (std::string fault = Enter(name); !fault.empty()) return fault;
    if (has_samples_ || page_.families.contains(name)) return "HELP is not the first line";
    std::optional<std::string> help = TakeEscaped(line, 0);
    if (!help) return "unknown escape";
    page_.families[name].help = *std::move(help);
    return {};
  }

  std::string ParseType(std::string_view line) {
    const std::string name = TakeName(line);
    if (name.empty() || !TakeText(line, " ")) return "TYPE without name";
    if (std::string fault = Enter(name); !fault.empty()) return fault;
    std::string& type = page_.families[name].type;
    if (has_samples_ || !type.empty()) return "TYPE comes late or twice";
    if (line != "counter" && line != "gauge" && line != "histogram" && line != "untyped") {
      return "unknown type";
    }
    type = std::string(line);
    return {};
  }

  bool BelongsHere(const std::string& name) const {
    if (name == family_) return page_.families.at(family_).type != "histogram";
    for (const std::string_view suffix : {"_bucket", "_sum", "_count"}) {
      if (name == family_ + std::string(suffix)) {
        return page_.families.at(family_).type == "histogram";
      }
    }
    return false;
  }

  std::string ParseSample(std::string_view line) {
    const std::string name = TakeName(line);
    if (name.empty()) return "no name";
    if (!page_.families.contains(family_) || !BelongsHere(name)) return "sample without a TYPE";
    has_samples_ = true;
    std::map<std::string, std::string> labels;
    if (TakeText(line, "{")) {
      if (std::string fault = ParseLabels(line, labels); !fault.empty()) return fault;
    }
    if (!TakeText(line, " ")) return "no blank before the value";
    const std::optional<double> value = ParseValue(line, dialect_);
    if (!value) return "no number";
    std::string key = name + "{";
    for (const auto& [label, text] : labels) key += label + "=\"" + text + "\",";
    return page_.samples.emplace(key + "}", *value).second ? "" : "sample twice";
  }

  static std::string ParseLabels(std::string_view& line,
                                 std::map<std::string, std::string>& labels) {
    do {
      const std::string name = TakeName(line);
      if (name.empty() || !TakeText(line, "=\"")) return "bad label name";
      std::optional<std::string> value = TakeEscaped(line, '"');
      if (!value) return "unknown escape";
      if (value->empty()) return "empty label";
      if (!TakeText(line, "\"")) return "label not closed";
      // Writers spell bounds in several ways: "1", "1.0", "1e+06".
      if (name == "le") {
        const std::optional<double> bound = ParseValue(*value, {});
        if (!bound) return "bound is no number";
        value = std::to_string(*bound);
      }
      if (!labels.emplace(name, *std::move(value)).second) return "label twice";
    } while (TakeText(line, ","));
    return TakeText(line, "}") ? "" : "labels not closed";
  }

  TextDialect dialect_;
  TextPage page_;
  std::string family_;
  bool has_samples_ = false;
  std::set<std::string> entered_;
};

}  // namespace

TextPage ParseTextPage(std::string_view text, TextDialect dialect) {
  return Parser(dialect).Parse(text);
}

}  // namespace netstack
