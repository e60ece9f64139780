#pragma once

#include <prometheus/metric_family.h>

#include <vector>

#include "model/samples.h"

namespace netstack {

// Appends the families of `samples` that have a visible sample, in the types of prometheus-cpp and
// with the names of the text format (see TableWriter): an info is a gauge, a distribution over live
// objects is an untyped x_bucket with gauges x_gsum and x_gcount. Label values are made valid
// UTF-8, because prometheus-cpp passes them on as they are and the server would refuse the page.
// Values are doubles: integers beyond 2^53 are rounded.
void AppendMetricFamilies(const Samples& samples, std::vector<prometheus::MetricFamily>& out);

}  // namespace netstack
