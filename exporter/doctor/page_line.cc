#include "exporter/doctor/page_line.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace netstack {
namespace {

constexpr bool IsNameStart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

constexpr bool IsNamePart(char c) {
  return IsNameStart(c) || (c >= '0' && c <= '9');
}

constexpr bool IsBlank(char c) {
  return c == ' ' || c == '\t';
}

}  // namespace

std::string_view PageLine::Rest() const {
  const std::string_view rest = line_.substr(at_);
  return rest.substr(0, rest.find_first_of(" \t", 1));
}

bool PageLine::Skip(char wanted) {
  if (AtEnd() || line_[at_] != wanted) return false;
  ++at_;
  return true;
}

bool PageLine::Skip(std::string_view wanted) {
  if (!line_.substr(at_).starts_with(wanted)) return false;
  at_ += wanted.size();
  return true;
}

bool PageLine::SkipBlanks() {
  const std::size_t begin = at_;
  while (!AtEnd() && IsBlank(line_[at_])) ++at_;
  return at_ > begin;
}

std::string_view PageLine::MetricName() {
  const std::size_t begin = at_;
  const auto fits = [&](char c) {
    return c == ':' || (at_ == begin ? IsNameStart(c) : IsNamePart(c));
  };
  while (!AtEnd() && fits(line_[at_])) ++at_;
  return line_.substr(begin, at_ - begin);
}

std::string_view PageLine::LabelName() {
  const std::size_t begin = at_;
  while (!AtEnd() && (at_ == begin ? IsNameStart(line_[at_]) : IsNamePart(line_[at_]))) ++at_;
  return line_.substr(begin, at_ - begin);
}

std::optional<std::string> PageLine::Quoted() {
  if (AtEnd() || line_[at_] != '"') return std::nullopt;
  std::string value;
  for (std::size_t at = at_ + 1; at < line_.size(); ++at) {
    if (line_[at] == '"') {
      at_ = at + 1;
      return value;
    }
    if (line_[at] != '\\') {
      value += line_[at];
      continue;
    }
    ++at;
    const char escaped = at < line_.size() ? line_[at] : '\0';
    if (escaped != '\\' && escaped != '"' && escaped != 'n') {
      at_ = at - 1;
      return std::nullopt;
    }
    value += escaped == 'n' ? '\n' : escaped;
  }
  return std::nullopt;
}

std::optional<double> PageLine::Value() {
  const std::size_t end = std::min(line_.find_first_of(" \t", at_), line_.size());
  std::string_view word = line_.substr(at_, end - at_);
  std::optional<double> value;
  if (word == "NaN") {
    value = std::numeric_limits<double>::quiet_NaN();
  } else if (word == "+Inf" || word == "-Inf") {
    value = (word[0] == '-' ? -1 : 1) * std::numeric_limits<double>::infinity();
  } else {
    if (word.starts_with('+')) word.remove_prefix(1);
    double number = 0;
    const auto [parsed, error] =
        std::from_chars(word.data(), word.data() + word.size(), number, std::chars_format::general);
    const bool whole = error == std::errc() && parsed == word.data() + word.size();
    // from_chars knows inf and nan in spellings of its own.
    if (whole && std::isfinite(number)) value = number;
  }
  if (value) at_ = end;
  return value;
}

std::string_view PageLine::TakeRest() {
  const std::string_view rest = line_.substr(at_);
  at_ = line_.size();
  return rest;
}

}  // namespace netstack
