#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace netstack {

// What a rule has found out about one loss: numbers and words by name, for its conditions and
// texts.
class Facts {
 public:
  void Set(std::string_view name, double number);
  void Set(std::string_view name, std::string_view word);

  // Nothing where the fact is not known, or is a word.
  std::optional<double> Number(std::string_view name) const;
  // As shown to people; empty where it is not known.
  std::string_view Text(std::string_view name) const;
  bool Knows(std::string_view name) const { return facts_.find(name) != facts_.end(); }

  // The text with each {name} replaced by that fact, or by ? where it is not known. Other braces
  // stay.
  std::string FillIn(std::string_view text) const;

 private:
  struct Fact {
    std::string text;
    std::optional<double> number;
  };
  std::map<std::string, Fact, std::less<>> facts_;
};

// A number for people: whole numbers in full, others with three digits.
std::string ShortNumber(double number);

}  // namespace netstack
