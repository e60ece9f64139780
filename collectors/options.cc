#include "collectors/options.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <regex>

#include "collectors/duration.h"

namespace netstack {
namespace {

using Kind = OptionSpec::Kind;

// std::regex recurses while it compiles; this keeps it far from the end of the stack.
constexpr std::size_t kMaxRegexLength = 1024;

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  if (text.empty()) return parts;
  for (std::size_t begin = 0;;) {
    const std::size_t end = text.find(separator, begin);
    parts.push_back(text.substr(begin, end - begin));
    if (end == std::string_view::npos) return parts;
    begin = end + 1;
  }
}

char LowerCase(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool EqualIgnoringCase(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, LowerCase, LowerCase);
}

std::string Refuse(std::string_view complaint, std::string_view text) {
  return MalformedAt("", 0, complaint, text).what;
}

std::string RefuseNot(const OptionSpec& spec, std::string_view text) {
  return Refuse("not " + ExpectedValue(spec), text);
}

bool ParseInteger(std::string_view text, std::int64_t& out) {
  const std::string_view digits = text.substr(!text.empty() && text.front() == '-' ? 1 : 0);
  // "010" is eight to some readers of YAML and ten to others.
  if (digits.size() > 1 && digits.front() == '0') return false;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), out);
  return status == std::errc() && end == text.data() + text.size();
}

std::string ComplaintAboutRegex(std::string_view text) {
  if (text.size() > kMaxRegexLength) return Refuse("regular expression is too long", text);
  try {
    const std::regex regex(text.begin(), text.end(), std::regex::ECMAScript);
    return "";
  } catch (const std::regex_error& error) {
    return Refuse(std::string("not a regular expression (") + error.what() + ")", text);
  }
}

std::string ComplaintAboutText(std::string_view text) {
  return text.find('\0') == std::string_view::npos ? "" : Refuse("contains a NUL byte", text);
}

}  // namespace

std::string ExpectedValue(const OptionSpec& spec) {
  switch (spec.kind) {
    case Kind::kBool:
      return "true or false";
    case Kind::kInteger:
      if (spec.max == INT64_MAX) return "a whole number of at least " + std::to_string(spec.min);
      return "a whole number between " + std::to_string(spec.min) + " and " +
             std::to_string(spec.max);
    case Kind::kDuration:
      return "a duration such as 10s or 1m30s";
    case Kind::kWord: {
      std::string out = "one of ";
      for (const char c : spec.words) out += c == '|' ? std::string(", ") : std::string(1, c);
      return out;
    }
    case Kind::kText:
      return "a text";
    case Kind::kRegex:
      return "a regular expression";
    case Kind::kList:
      return "a list of texts";
  }
  return "";
}

const OptionSpec* FindOption(std::span<const OptionSpec> specs, std::string_view name) {
  const auto found = std::ranges::find(specs, name, &OptionSpec::name);
  return found == specs.end() ? nullptr : &*found;
}

OptionValues::OptionValues(std::span<const OptionSpec> specs) : specs_(specs) {
  for (const OptionSpec& spec : specs) {
    const std::string complaint = Parse(spec, spec.default_value, values_[std::string(spec.name)]);
    if (complaint.empty()) continue;
    std::fprintf(stderr, "default of option %.*s: %s\n", static_cast<int>(spec.name.size()),
                 spec.name.data(), complaint.c_str());
    std::abort();
  }
}

std::string OptionValues::Parse(const OptionSpec& spec, std::string_view text, Value& out) {
  switch (spec.kind) {
    case Kind::kBool:
      out.boolean = text == "true";
      return text == "true" || text == "false" ? "" : RefuseNot(spec, text);
    case Kind::kInteger: {
      const bool whole = ParseInteger(text, out.integer);
      const bool in_range = out.integer >= spec.min && out.integer <= spec.max;
      return whole && in_range ? "" : RefuseNot(spec, text);
    }
    case Kind::kDuration: {
      const Result<std::chrono::nanoseconds> duration = ParseDuration(text);
      if (!duration) return duration.error().what;
      out.duration = *duration;
      return "";
    }
    case Kind::kWord:
      for (const std::string_view word : Split(spec.words, '|')) {
        if (!EqualIgnoringCase(word, text)) continue;
        out.text = word;
        return "";
      }
      return RefuseNot(spec, text);
    case Kind::kRegex:
      out.text = text;
      return ComplaintAboutRegex(text);
    case Kind::kText:
      out.text = text;
      return ComplaintAboutText(text);
    case Kind::kList:
      for (const std::string_view item : Split(text, ',')) out.list.emplace_back(item);
      return ComplaintAboutText(text);
  }
  return "";
}

std::string OptionValues::Set(std::string_view name, std::string_view value) {
  const OptionSpec* spec = FindOption(specs_, name);
  if (spec == nullptr) return Refuse("no such option", name);
  Value parsed;
  std::string complaint = Parse(*spec, value, parsed);
  if (complaint.empty()) values_.find(name)->second = std::move(parsed);
  return complaint;
}

std::string OptionValues::SetList(std::string_view name, std::span<const std::string> items) {
  const OptionSpec* spec = FindOption(specs_, name);
  if (spec == nullptr) return Refuse("no such option", name);
  if (spec->kind != Kind::kList) return "not " + ExpectedValue(*spec) + ": a list";
  for (const std::string& item : items) {
    std::string complaint = ComplaintAboutText(item);
    if (!complaint.empty()) return complaint;
  }
  values_.find(name)->second.list.assign(items.begin(), items.end());
  return "";
}

const OptionValues::Value& OptionValues::At(std::string_view name, Kind kind) const {
  const OptionSpec* spec = FindOption(specs_, name);
  if (spec != nullptr && spec->kind == kind) return values_.find(name)->second;
  std::fprintf(stderr, "option %.*s was not declared with this kind\n",
               static_cast<int>(name.size()), name.data());
  std::abort();
}

bool OptionValues::Bool(std::string_view name) const {
  return At(name, Kind::kBool).boolean;
}

std::int64_t OptionValues::Integer(std::string_view name) const {
  return At(name, Kind::kInteger).integer;
}

std::chrono::nanoseconds OptionValues::Duration(std::string_view name) const {
  return At(name, Kind::kDuration).duration;
}

const std::string& OptionValues::Text(std::string_view name) const {
  const OptionSpec* spec = FindOption(specs_, name);
  const bool is_text = spec != nullptr && (spec->kind == Kind::kWord || spec->kind == Kind::kRegex);
  return At(name, is_text ? spec->kind : Kind::kText).text;
}

std::span<const std::string> OptionValues::List(std::string_view name) const {
  return At(name, Kind::kList).list;
}

}  // namespace netstack
