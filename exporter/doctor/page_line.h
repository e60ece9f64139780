#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace netstack {

// Reads one line of a page from left to right. What does not read stays where it is: column() is
// then the place of the fault.
class PageLine {
 public:
  explicit PageLine(std::string_view line) : line_(line) {}

  std::size_t column() const { return at_ + 1; }  // 1-based, in bytes.
  bool AtEnd() const { return at_ == line_.size(); }
  // What is left, at most up to the next blank; for error messages.
  std::string_view Rest() const;

  bool Skip(char wanted);
  bool Skip(std::string_view wanted);
  // At least one blank or tab.
  bool SkipBlanks();

  // Empty when there is no name here. A metric's name may hold colons.
  std::string_view MetricName();
  std::string_view LabelName();
  // A quoted text with \\, \" and \n; nothing when it does not end or has another escape.
  std::optional<std::string> Quoted();
  // NaN, +Inf, -Inf and numbers as strtod has them, without its hexadecimal forms.
  std::optional<double> Value();
  // All to the end of the line.
  std::string_view TakeRest();

 private:
  std::string_view line_;
  std::size_t at_ = 0;
};

}  // namespace netstack
