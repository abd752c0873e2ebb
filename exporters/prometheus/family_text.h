#ifndef REEVE_EXPORTERS_PROMETHEUS_FAMILY_TEXT_H_
#define REEVE_EXPORTERS_PROMETHEUS_FAMILY_TEXT_H_

#include <prometheus/metric_family.h>

#include <string>

#include "exporters/prometheus/text_format.h"

namespace reeve {

// Adds a counter, gauge or histogram of prometheus-cpp to `out`: its own
// serializer knows no OpenMetrics, and does not escape help.
void AppendFamily(const prometheus::MetricFamily& family, TextFormat format,
                  std::string* out);

}  // namespace reeve

#endif  // REEVE_EXPORTERS_PROMETHEUS_FAMILY_TEXT_H_
