// Prints docs/metrics.md.
#include <cstdio>
#include <string>

#include "exporters/prometheus/metric_tables.h"
#include "exporters/prometheus/metrics_document.h"

int main() {
  const std::string document = reeve::MetricsDocument(reeve::EveryMetric());
  return std::fputs(document.c_str(), stdout) < 0 ? 1 : 0;
}
