#pragma once

#include <string>
#include <string_view>

namespace netstack {

// Appends one JSON value, piece by piece. The caller opens and closes in order; commas are made
// here. Texts that are not UTF-8 are made so.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  void Open(char bracket);   // '{' or '['
  void Close(char bracket);  // '}' or ']'
  void Key(std::string_view name);
  void Text(std::string_view text);
  // JSON has no word for what is not finite: null.
  void Number(double number);
  void Bool(bool truth);
  void Null();

  void TextMember(std::string_view name, std::string_view text) {
    Key(name);
    Text(text);
  }
  void NumberMember(std::string_view name, double number) {
    Key(name);
    Number(number);
  }

 private:
  void Comma();
  void Quoted(std::string_view text);

  std::string& out_;
  bool first_ = true;  // Nothing stands before the next value in its array or object.
};

}  // namespace netstack
