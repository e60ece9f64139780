#include "exporter/exposition/format.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <optional>

namespace netstack {
namespace {

constexpr std::string_view kBlanks = " \t";

std::string_view Trim(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

// Takes the part before `separator` off the front of `text`; quotes are not needed in what we read.
std::string_view TakeUntil(std::string_view& text, char separator) {
  const std::size_t end = text.find(separator);
  const std::string_view part = Trim(text.substr(0, end));
  text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  return part;
}

bool EqualsIgnoringCase(std::string_view text, std::string_view lower_case) {
  return std::equal(text.begin(), text.end(), lower_case.begin(), lower_case.end(),
                    [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; });
}

// One element of an Accept or Accept-Encoding header.
struct Preference {
  std::string_view name;
  std::string_view version;
  double q = 1;
};

// A q that is not a number from 0 to 1 makes the element unusable: q is then 0.
double ParseQ(std::string_view text) {
  double q = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), q, std::chars_format::fixed);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  return whole && q >= 0 && q <= 1 ? q : 0;
}

Preference ParsePreference(std::string_view element) {
  Preference preference{.name = TakeUntil(element, ';'), .version = {}};
  while (!element.empty()) {
    std::string_view value = TakeUntil(element, ';');
    const std::string_view key = TakeUntil(value, '=');
    if (EqualsIgnoringCase(key, "q")) preference.q = ParseQ(value);
    if (EqualsIgnoringCase(key, "version")) preference.version = value;
  }
  return preference;
}

// The ranges that name something we write. A missing version means the one we have.
struct Offer {
  std::string_view name;
  std::string_view version;
  PageFormat format;
};
constexpr std::array kOffers = {
    Offer{"application/openmetrics-text", "1.0.0", PageFormat::kOpenMetrics},
    Offer{"text/plain", "0.0.4", PageFormat::kText},
};

std::optional<PageFormat> FormatOf(const Preference& preference) {
  for (const Offer& offer : kOffers) {
    if (EqualsIgnoringCase(preference.name, offer.name) &&
        (preference.version.empty() || preference.version == offer.version)) {
      return offer.format;
    }
  }
  return std::nullopt;
}

}  // namespace

std::string_view ContentType(PageFormat format) {
  constexpr std::array<std::string_view, kPageFormats> kTypes = {
      "text/plain; version=0.0.4; charset=utf-8",
      "application/openmetrics-text; version=1.0.0; charset=utf-8"};
  return kTypes.at(static_cast<std::size_t>(format));
}

std::string_view PageEnd(PageFormat format) {
  return format == PageFormat::kOpenMetrics ? "# EOF\n" : "";
}

PageFormat NegotiateFormat(std::string_view accept) {
  PageFormat best = PageFormat::kText;
  double best_q = 0;
  while (!accept.empty()) {
    const Preference preference = ParsePreference(TakeUntil(accept, ','));
    const std::optional<PageFormat> format = FormatOf(preference);
    if (!format || preference.q <= best_q) continue;
    best = *format;
    best_q = preference.q;
  }
  return best;
}

bool AcceptsGzip(std::string_view accept_encoding) {
  std::optional<double> gzip, wildcard;
  double identity = 0;
  while (!accept_encoding.empty()) {
    const Preference preference = ParsePreference(TakeUntil(accept_encoding, ','));
    if (EqualsIgnoringCase(preference.name, "gzip") ||
        EqualsIgnoringCase(preference.name, "x-gzip")) {
      gzip = std::max(gzip.value_or(0), preference.q);
    } else if (preference.name == "*") {
      wildcard = preference.q;
    } else if (EqualsIgnoringCase(preference.name, "identity")) {
      identity = preference.q;
    }
  }
  const double q = gzip.value_or(wildcard.value_or(0));
  return q > 0 && q >= identity;
}

}  // namespace netstack
