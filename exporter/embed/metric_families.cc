#include "exporter/embed/metric_families.h"

#include <array>
#include <charconv>
#include <iterator>
#include <limits>
#include <string>

#include "collectors/shared_families.h"
#include "exporter/exposition/escape.h"
#include "exporter/exposition/utf8.h"

namespace netstack {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;

prometheus::MetricType TypeOf(MetricType type) {
  constexpr std::array<prometheus::MetricType, 5> kTypes = {
      prometheus::MetricType::Counter,    // kCounter
      prometheus::MetricType::Gauge,      // kGauge
      prometheus::MetricType::Gauge,      // kInfo
      prometheus::MetricType::Histogram,  // kHistogram
      prometheus::MetricType::Untyped,    // kGaugeHistogram
  };
  return kTypes.at(static_cast<std::size_t>(type));
}

std::string BoundText(std::string_view bound) {
  std::string text;
  AppendBound(bound, text);
  return text;
}

// The labels of a line; a bucket's bound only if it is to be a label like any other.
std::vector<ClientMetric::Label> LabelsOf(const Family& family, const Samples::View& sample,
                                          bool with_bound) {
  std::vector<ClientMetric::Label> labels;
  const std::size_t count = family.label_count();
  sample.ForEachLabel([&](std::size_t index, std::string_view value) {
    if (value.empty() || (index == count && !with_bound)) return;
    if (index < count) {
      labels.push_back({std::string(family.labels[index]), ToUtf8(value)});
    } else {
      labels.push_back({"le", BoundText(value)});
    }
  });
  return labels;
}

MetricFamily HeadOf(const Family& family, std::string_view suffix, prometheus::MetricType type) {
  MetricFamily head;
  head.name = std::string(family.name) + std::string(suffix);
  head.help = std::string(family.help);
  head.type = type;
  return head;
}

// Sets the member that the type's serializer reads.
void SetValue(prometheus::MetricType type, double value, ClientMetric& metric) {
  if (type == prometheus::MetricType::Counter) metric.counter.value = value;
  if (type == prometheus::MetricType::Gauge) metric.gauge.value = value;
  if (type == prometheus::MetricType::Untyped) metric.untyped.value = value;
}

// The samples of one part, each a metric of its own.
MetricFamily SingleLines(const Samples& samples, std::size_t index, Part part,
                         std::string_view suffix, prometheus::MetricType type) {
  const Family& family = samples.families()[index];
  MetricFamily lines = HeadOf(family, suffix, type);
  samples.ForEach(index, [&](const Samples::View& sample) {
    if (sample.part() != part || !IsPrinted(sample.visibility())) return;
    ClientMetric& metric = lines.metric.emplace_back();
    metric.label = LabelsOf(family, sample, true);
    SetValue(type, sample.value().AsDouble(), metric);
  });
  return lines;
}

// Not strtod, which follows the locale of the embedding program.
double UpperBound(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double bound = std::numeric_limits<double>::quiet_NaN();
  std::from_chars(text.data(), text.data() + text.size(), bound);
  return bound;
}

std::uint64_t Count(Number value) {
  return value.is_integer ? value.integer : static_cast<std::uint64_t>(value.real);
}

// One metric for each label set. The lines of a label set follow each other.
MetricFamily Histograms(const Samples& samples, std::size_t index) {
  const Family& family = samples.families()[index];
  const std::size_t label_count = family.label_count();
  MetricFamily histograms = HeadOf(family, "", prometheus::MetricType::Histogram);
  std::string_view labels_before;
  samples.ForEach(index, [&](const Samples::View& sample) {
    if (sample.part() == Part::kValue || !IsPrinted(sample.visibility())) return;
    const std::string_view labels = sample.LabelBytes(label_count);
    if (histograms.metric.empty() || labels != labels_before) {
      histograms.metric.emplace_back().label = LabelsOf(family, sample, false);
      labels_before = labels;
    }
    ClientMetric::Histogram& histogram = histograms.metric.back().histogram;
    const Number value = sample.value();
    if (sample.part() == Part::kBucket) {
      histogram.bucket.push_back({Count(value), UpperBound(sample.Label(label_count))});
    }
    if (sample.part() == Part::kSum) histogram.sample_sum = value.AsDouble();
    if (sample.part() == Part::kCount) histogram.sample_count = Count(value);
  });
  return histograms;
}

void AppendUnlessEmpty(MetricFamily family, bool shared, std::vector<MetricFamily>& out) {
  if (family.metric.empty()) return;
  if (shared) {
    for (MetricFamily& other : out) {
      if (other.name != family.name) continue;
      std::move(family.metric.begin(), family.metric.end(), std::back_inserter(other.metric));
      return;
    }
  }
  out.push_back(std::move(family));
}

}  // namespace

void AppendMetricFamilies(const Samples& samples, std::vector<MetricFamily>& out) {
  for (std::size_t i = 0; i < samples.families().size(); ++i) {
    if (!samples.Has(i)) continue;
    const MetricType type = samples.families()[i].type;
    const bool shared = MayBeShared(samples.families()[i]);
    const auto single = [&](Part part, std::string_view suffix, prometheus::MetricType as) {
      AppendUnlessEmpty(SingleLines(samples, i, part, suffix, as), shared, out);
    };
    if (type == MetricType::kHistogram) {
      AppendUnlessEmpty(Histograms(samples, i), shared, out);
    } else if (type == MetricType::kGaugeHistogram) {
      single(Part::kBucket, "_bucket", TypeOf(type));
      single(Part::kSum, "_gsum", prometheus::MetricType::Gauge);
      single(Part::kCount, "_gcount", prometheus::MetricType::Gauge);
    } else {
      single(Part::kValue, "", TypeOf(type));
    }
  }
}

}  // namespace netstack
