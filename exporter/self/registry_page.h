#pragma once

#include <prometheus/metric_family.h>

#include <string>
#include <vector>

#include "exporter/exposition/format.h"

namespace netstack {

// Writes counters and gauges of a prometheus::Registry like the rest of the page, which
// prometheus-cpp's own serializer cannot: it knows no OpenMetrics and escapes no HELP. Other types
// and families without a metric are left out.
void AppendMetricFamilies(const std::vector<prometheus::MetricFamily>& families, PageFormat format,
                          std::string& out);

}  // namespace netstack
