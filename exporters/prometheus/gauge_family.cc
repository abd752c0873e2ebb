#include "exporters/prometheus/gauge_family.h"

#include <prometheus/client_metric.h>

#include <utility>

namespace reeve {

prometheus::MetricFamily GaugeFamily(const std::string& name,
                                     const std::string& help) {
  prometheus::MetricFamily family;
  family.name = name;
  family.help = help;
  family.type = prometheus::MetricType::Gauge;
  return family;
}

void AddGauge(const prometheus::Labels& labels, double value,
              prometheus::MetricFamily* family) {
  prometheus::ClientMetric metric;
  for (const auto& label : labels) {
    metric.label.push_back({label.first, label.second});
  }
  metric.gauge.value = value;
  family->metric.push_back(std::move(metric));
}

}  // namespace reeve
