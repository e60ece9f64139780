#include "exporter/self/registry_page.h"

#include <array>
#include <string_view>

#include "exporter/exposition/escape.h"
#include "exporter/exposition/number.h"

namespace netstack {
namespace {

void AppendHead(const prometheus::MetricFamily& family, PageFormat format, std::string& out) {
  const bool counter = family.type == prometheus::MetricType::Counter;
  std::string_view name = family.name;
  if (format == PageFormat::kOpenMetrics && counter && name.ends_with("_total")) {
    name.remove_suffix(6);
  }
  out.append("# HELP ").append(name) += ' ';
  AppendHelp(family.help, format, out);
  out.append("\n# TYPE ").append(name).append(counter ? " counter\n" : " gauge\n");
}

void AppendLine(const std::string& name, const prometheus::ClientMetric& metric, double value,
                std::string& out) {
  out += name;
  char before = '{';
  for (const prometheus::ClientMetric::Label& label : metric.label) {
    out += before;
    out.append(label.name).append("=\"");
    AppendLabelValue(label.value, out);
    out += '"';
    before = ',';
  }
  if (before == ',') out += '}';
  std::array<char, kNumberSize> number;
  out += ' ';
  out.append(number.data(), FormatNumber(value, number.data()));
  out += '\n';
}

}  // namespace

void AppendMetricFamilies(const std::vector<prometheus::MetricFamily>& families, PageFormat format,
                          std::string& out) {
  for (const prometheus::MetricFamily& family : families) {
    const bool counter = family.type == prometheus::MetricType::Counter;
    if (family.metric.empty() || (!counter && family.type != prometheus::MetricType::Gauge)) {
      continue;
    }
    AppendHead(family, format, out);
    for (const prometheus::ClientMetric& metric : family.metric) {
      AppendLine(family.name, metric, counter ? metric.counter.value : metric.gauge.value, out);
    }
  }
}

}  // namespace netstack
