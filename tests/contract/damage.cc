#include "tests/contract/damage.h"

#include <algorithm>
#include <random>

#include "kernel/text.h"

namespace netstack {
namespace {

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

std::string WithNumbers(std::string_view text, std::string_view number) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!IsDigit(text[i])) {
      out += text[i];
    } else if (i == 0 || !IsDigit(text[i - 1])) {
      out += number;
    }
  }
  return out;
}

std::vector<std::string> LinesOf(std::string_view text) {
  std::vector<std::string> lines;
  std::string_view line;
  while (NextLine(text, line)) lines.emplace_back(line);
  return lines;
}

std::string Joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

template <class Change>
std::string WithLines(std::string_view text, Change change) {
  std::vector<std::string> lines = LinesOf(text);
  for (std::string& line : lines) line = change(line);
  return Joined(lines);
}

std::string Noise(std::size_t size) {
  std::mt19937 random(4711);
  std::string noise(size, '\0');
  for (char& c : noise) c = static_cast<char>(random());
  return noise;
}

void AddCuts(std::string_view text, std::vector<Damaged>& out) {
  const std::size_t step = std::max<std::size_t>(1, text.size() / 256);
  for (std::size_t at = 0; at < text.size(); at += step) {
    out.push_back({"cut at byte " + std::to_string(at), std::string(text.substr(0, at))});
  }
}

void AddLineDamages(std::string_view text, std::vector<Damaged>& out) {
  out.push_back({"last column missing", WithLines(text, [](const std::string& line) {
                   return line.substr(0, line.find_last_of(" \t"));
                 })});
  out.push_back({"first column missing", WithLines(text, [](const std::string& line) {
                   const std::size_t at = line.find_first_of(" \t", line.find_first_not_of(" \t"));
                   return at == std::string::npos ? std::string() : line.substr(at);
                 })});
  out.push_back(
      {"a column more", WithLines(text, [](const std::string& line) { return line + " 7"; })});
  out.push_back({"not UTF-8", WithLines(text, [](std::string line) {
                   if (!line.empty()) line[0] = '\xFF';
                   return line;
                 })});
  std::vector<std::string> lines = LinesOf(text);
  out.push_back({"lines in reverse", Joined({lines.rbegin(), lines.rend()})});
  for (std::size_t i = lines.size(); i-- > 0;) {
    if (i % 2 == 1) lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(i));
  }
  out.push_back({"every second line missing", Joined(lines)});
}

}  // namespace

std::vector<Damaged> DamagesOf(std::string_view text) {
  const std::string whole(text);
  std::vector<Damaged> out = {
      {"there twice", whole + whole},
      {"a newline", "\n"},
      {"noise", Noise(1000)},
      {"noise at the end", whole + Noise(100)},
      {"zero bytes", std::string(300, '\0')},
      {"a very long word", std::string(70'000, 'A') + " " + whole},
      {"a very long word at the end", whole + "A " + std::string(70'000, '1')},
  };
  for (const char* number :
       {"18446744073709551615", "18446744073709551616", "99999999999999999999999999999999",
        "4294967296", "-1", "-9223372036854775809", "1e9", "0x1g", "\xFF\xFE", "", "NaN"}) {
    out.push_back({std::string("numbers are '") + number + "'", WithNumbers(text, number)});
  }
  AddLineDamages(text, out);
  AddCuts(text, out);
  return out;
}

}  // namespace netstack
