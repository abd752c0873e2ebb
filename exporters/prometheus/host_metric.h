#ifndef REEVE_EXPORTERS_PROMETHEUS_HOST_METRIC_H_
#define REEVE_EXPORTERS_PROMETHEUS_HOST_METRIC_H_

#include <string>
#include <vector>

#include "exporters/prometheus/host_family.h"
#include "exporters/prometheus/host_family_writer.h"
#include "exporters/prometheus/text_format.h"

namespace reeve {

// One family of a collector of the host: a row of the table that both the page
// and the documentation are made from. `Sample` is what the collector finds.
template <typename Sample>
struct HostMetric {
  HostFamily family;
  // Writes its series.
  void (*write)(const Sample& sample, HostFamilyWriter& writer);
};

template <typename Sample>
std::vector<HostFamily> FamiliesOf(
    const std::vector<HostMetric<Sample>>& metrics) {
  std::vector<HostFamily> families;
  families.reserve(metrics.size());
  for (const auto& metric : metrics) families.push_back(metric.family);
  return families;
}

// Adds every family that has a series to `page`.
template <typename Sample>
void AppendHostMetrics(const std::vector<HostMetric<Sample>>& metrics,
                       const Sample& sample, TextFormat format,
                       std::string* page) {
  for (const auto& metric : metrics) {
    HostFamilyWriter writer(metric.family, format, page);
    metric.write(sample, writer);
  }
}

}  // namespace reeve

#endif  // REEVE_EXPORTERS_PROMETHEUS_HOST_METRIC_H_
