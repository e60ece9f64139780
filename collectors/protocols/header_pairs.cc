#include "collectors/protocols/header_pairs.h"

#include "kernel/text.h"

namespace netstack::protocols {
namespace {

// The file being read, and the number of the line last taken off it.
struct Reading {
  std::string_view rest;
  std::string_view path;
  std::size_t line = 0;
};

Status AppendHeader(const Reading& reading, std::string_view header, FieldValues& out) {
  const std::size_t before = out.fields.size();
  std::string_view rest = header;
  std::string_view group;
  NextWord(rest, group);
  if (!group.ends_with(':')) {
    return MalformedAt(reading.path, reading.line, "no group at the start of a line", header);
  }
  group.remove_suffix(1);
  if (Status named = CheckName(group, reading.path, reading.line); !named) return named;
  std::string_view name;
  while (NextWord(rest, name)) {
    if (Status named = CheckName(name, reading.path, reading.line); !named) {
      out.fields.resize(before);
      return named;
    }
    out.fields.push_back({.group = std::string(group), .name = std::string(name)});
  }
  out.headings.push_back({.text = std::string(header), .fields = out.fields.size() - before});
  ++out.layout;
  return {};
}

Status AppendValues(const Reading& reading, std::string_view line,
                    const FieldValues::Heading& heading, FieldValues& out) {
  const std::string_view header = heading.text;
  const std::string_view group = header.substr(0, header.find(':') + 1);
  std::string_view word;
  NextWord(line, word);
  if (word != group) return MalformedAt(reading.path, reading.line, "not the values of", group);
  for (std::size_t i = 0; i < heading.fields; ++i) {
    if (!NextWord(line, word)) {
      return MalformedAt(reading.path, reading.line, "fewer values than names", group);
    }
    if (Status value = AppendValue(word, reading.path, reading.line, out); !value) return value;
  }
  if (NextWord(line, word)) {
    return MalformedAt(reading.path, reading.line, "more values than names", word);
  }
  return {};
}

Status ParsePairs(Reading reading, FieldValues& out) {
  std::string_view line;
  std::size_t pair = 0;
  for (; NextLine(reading.rest, line); ++pair) {
    ++reading.line;
    if (!out.IsHeading(pair, line)) {
      out.ForgetFrom(pair);
      if (Status header = AppendHeader(reading, line, out); !header) return header;
    }
    ++reading.line;
    if (!NextLine(reading.rest, line)) {
      return MalformedAt(reading.path, reading.line, "names without values", line);
    }
    if (Status values = AppendValues(reading, line, out.headings[pair], out); !values) {
      return values;
    }
  }
  if (pair == 0) return MalformedAt(reading.path, 1, "empty", "");
  out.ForgetFrom(pair);
  return {};
}

}  // namespace

Status ParseHeaderPairs(std::string_view text, std::string_view path, FieldValues& out) {
  const std::uint64_t layout = out.layout;
  out.values.clear();
  Status parsed = ParsePairs({.rest = text, .path = path}, out);
  if (parsed && out.layout != layout) parsed = CheckNoFieldTwice(out, path);
  if (!parsed) out.ForgetFrom(0);
  return parsed;
}

}  // namespace netstack::protocols
