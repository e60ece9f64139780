#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/doctor/interval.h"
#include "exporter/doctor/page.h"

namespace netstack::testing {

// The value of a series in the first and in the second page.
struct Pair {
  std::string series;  // As on the page: name{label="value"}.
  double before;
  double now;
};
inline Pair Still(std::string series, double value) {
  return {std::move(series), value, value};
}

inline std::string Loss(std::string_view path, std::string_view stage, std::string_view cause,
                        std::string_view device = {}) {
  std::string text = "netstack_path_drops_total{path=\"";
  text.append(path).append("\",stage=\"").append(stage).append("\",class=\"loss\",cause=\"");
  text.append(cause).append("\"");
  if (!device.empty()) text.append(",device=\"").append(device).append("\"");
  return text + "}";
}
inline std::string Pressure(std::string_view path, std::string_view stage, std::string_view cause,
                            std::string_view device = {}) {
  std::string text = "netstack_path_pressure_total{path=\"";
  text.append(path).append("\",stage=\"").append(stage).append("\",cause=\"").append(cause);
  text += "\"";
  if (!device.empty()) text.append(",device=\"").append(device).append("\"");
  return text + "}";
}
inline std::string Tunable(std::string_view name, std::string_view field = "current",
                           std::string_view device = {}) {
  std::string text = "netstack_tunable{name=\"";
  text.append(name).append("\",field=\"").append(field).append("\"");
  if (!device.empty()) text.append(",device=\"").append(device).append("\"");
  return text + "}";
}

// Two pages made of series; of those that are named twice the last counts.
class PagePair {
 public:
  explicit PagePair(const std::vector<Pair>& pairs) {
    std::map<std::string, const Pair*> last;
    for (const Pair& pair : pairs) last[pair.series] = &pair;
    std::string first;
    std::string second;
    for (const auto& [series, pair] : last) {
      first += series + " " + ShortNumber(pair->before) + "\n";
      second += series + " " + ShortNumber(pair->now) + "\n";
    }
    first_ = *ParsePage(first, "first");
    second_ = *ParsePage(second, "second");
  }
  Interval Apart(double seconds) const { return {first_, second_, seconds}; }

 private:
  Page first_;
  Page second_;
};

}  // namespace netstack::testing
