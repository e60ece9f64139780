#include "exporter/doctor/json_writer.h"

#include <charconv>
#include <cmath>
#include <cstdio>

#include "exporter/exposition/utf8.h"

namespace netstack {

void JsonWriter::Comma() {
  if (!first_) out_ += ',';
  first_ = false;
}

void JsonWriter::Open(char bracket) {
  Comma();
  out_ += bracket;
  first_ = true;
}

void JsonWriter::Close(char bracket) {
  out_ += bracket;
  first_ = false;
}

void JsonWriter::Key(std::string_view name) {
  Comma();
  Quoted(name);
  out_ += ':';
  first_ = true;
}

void JsonWriter::Text(std::string_view text) {
  Comma();
  Quoted(text);
}

void JsonWriter::Number(double number) {
  if (!std::isfinite(number)) return Null();
  Comma();
  char text[32];
  const auto [end, status] = std::to_chars(text, text + sizeof text, number);
  out_.append(text, end);
}

void JsonWriter::Bool(bool truth) {
  Comma();
  out_ += truth ? "true" : "false";
}

void JsonWriter::Null() {
  Comma();
  out_ += "null";
}

void JsonWriter::Quoted(std::string_view text) {
  out_ += '"';
  for (const char c : ToUtf8(text)) {
    if (c == '"' || c == '\\') {
      out_ += '\\';
      out_ += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\u%04x", static_cast<unsigned>(c));
      out_ += escaped;
    } else {
      out_ += c;
    }
  }
  out_ += '"';
}

}  // namespace netstack
