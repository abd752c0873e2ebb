#ifndef REEVE_EXPORTERS_PROMETHEUS_GAUGE_FAMILY_H_
#define REEVE_EXPORTERS_PROMETHEUS_GAUGE_FAMILY_H_

#include <prometheus/labels.h>
#include <prometheus/metric_family.h>

#include <string>

namespace reeve {

// A family of gauges that has none yet: for what is made up for each page, and
// is in no registry.
prometheus::MetricFamily GaugeFamily(const std::string& name,
                                     const std::string& help);

void AddGauge(const prometheus::Labels& labels, double value,
              prometheus::MetricFamily* family);

}  // namespace reeve

#endif  // REEVE_EXPORTERS_PROMETHEUS_GAUGE_FAMILY_H_
