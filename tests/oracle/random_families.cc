#include "tests/oracle/random_families.h"

#include <array>
#include <cmath>
#include <limits>

namespace netstack {
namespace {

// A number as letters: digits in a name are nothing a linter minds, but a reader does.
std::string Letters(int number) {
  std::string letters;
  do {
    letters += static_cast<char>('a' + number % 26);
    number /= 26;
  } while (number > 0);
  return "q" + letters + "q";
}

struct TypeName {
  MetricType type;
  std::string_view suffix;
};
constexpr std::array kTypeNames = {
    TypeName{MetricType::kCounter, "_total"},
    TypeName{MetricType::kCounter, "_bytes_total"},
    TypeName{MetricType::kGauge, "_packets"},
    TypeName{MetricType::kGauge, "_ratio"},
    TypeName{MetricType::kInfo, "_info"},
    TypeName{MetricType::kHistogram, "_seconds"},
    TypeName{MetricType::kGaugeHistogram, "_bytes"},
};
constexpr std::array<std::string_view, 4> kLabelNames = {"series", "device", "cpu", "cause"};

}  // namespace

RandomFamilies::RandomFamilies(std::uint32_t seed, int count) : random_(seed) {
  for (int i = 0; i < count; ++i) {
    const TypeName& type = kTypeNames[Below(kTypeNames.size())];
    texts_.push_back("netstack_random_" + Letters(i) + std::string(type.suffix));
    Family family{.name = texts_.back(), .type = type.type, .help = "A random family."};
    const std::size_t labels = 1 + Below(kLabelNames.size());
    for (std::size_t label = 0; label < labels; ++label) family.labels[label] = kLabelNames[label];
    families_.push_back(family);
  }
}

std::size_t RandomFamilies::Below(std::size_t bound) {
  return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random_);
}

std::string RandomFamilies::Hostile() {
  constexpr std::array<std::string_view, 16> kPieces = {
      "\"",       "\\",          "\n",      "\\n", "\xFF", "\xC3", "ü", "😀",
      "\xE2\x82", "{a=\"b\"} 1", "# EOF\n", "\r",  "\t",   "eth0", ",", " "};
  std::string text;
  for (std::size_t i = Below(5); i > 0; --i) text += kPieces[Below(kPieces.size())];
  for (std::size_t i = Below(3); i > 0; --i) text += static_cast<char>(1 + Below(255));
  return text;
}

Number RandomFamilies::AnyNumber(bool counter) {
  const std::uint64_t bits = (std::uint64_t{random_()} << 32) | random_();
  if (counter || Below(2) == 0) return bits >> Below(64);
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const double exact = std::ldexp(static_cast<double>(bits >> 11), -static_cast<int>(Below(100)));
  const std::array<double, 6> choices = {
      exact, -exact, 0.1 + 0.2, kInfinity, -kInfinity, std::numeric_limits<double>::quiet_NaN()};
  return choices[Below(choices.size())];
}

void RandomFamilies::AddDistribution(const Family& family,
                                     const std::vector<std::string_view>& labels,
                                     Samples& samples) {
  std::uint64_t count = 0;
  for (const std::string_view bound : {"0.001", "1", "4096", "1048576", "+Inf"}) {
    count += Below(1000);
    samples.AddBucket(family, labels, bound, count);
  }
  samples.AddSum(family, labels, static_cast<double>(count) * 0.5);
  samples.AddCount(family, labels, count);
}

void RandomFamilies::Fill(Samples& samples) {
  samples.Clear();
  for (const Family& family : families_) {
    const std::size_t series = Below(5);
    for (std::size_t i = 0; i < series; ++i) {
      std::vector<std::string> values = {std::to_string(i)};  // No two series alike.
      while (values.size() < family.label_count()) values.push_back(Hostile());
      const std::vector<std::string_view> labels(values.begin(), values.end());
      if (family.type == MetricType::kHistogram || family.type == MetricType::kGaugeHistogram) {
        AddDistribution(family, labels, samples);
      } else if (family.type == MetricType::kInfo) {
        samples.Add(family, labels, std::uint64_t{1});
      } else {
        const auto visibility = static_cast<Visibility>(Below(3));
        samples.Add(family, labels, AnyNumber(family.type == MetricType::kCounter), visibility);
      }
    }
  }
}

}  // namespace netstack
