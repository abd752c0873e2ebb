// Prints docs/metrics.md.
#include <cstdio>

#include "base/system_clock.h"
#include "exporters/prometheus/agent_metrics.h"
#include "exporters/prometheus/group_metrics.h"
#include "exporters/prometheus/metrics_document.h"
#include "exporters/prometheus/task_metrics.h"

int main() {
  const reeve::SystemClock clock;
  const reeve::AgentMetrics metrics({}, clock);
  const std::string document = reeve::MetricsDocument(
      reeve::TaskMetrics(), reeve::GroupMetrics(), metrics.Describe());
  return std::fputs(document.c_str(), stdout) < 0 ? 1 : 0;
}
