#ifndef REEVE_EXPORTERS_PROMETHEUS_CADVISOR_METRICS_H_
#define REEVE_EXPORTERS_PROMETHEUS_CADVISOR_METRICS_H_

#include <string>
#include <vector>

#include "collectors/task_target.h"
#include "exporters/prometheus/task_metric.h"

namespace reeve {

// Tasks under the names that cAdvisor has for containers, as far as there is
// something to tell: for dashboards and rules that were made for those. A page
// of its own, in the text format 0.0.4 alone: not all of the names are ones
// that OpenMetrics allows.
std::vector<TaskMetric> CadvisorMetrics();

// The labels of a task's series there: its cgroup is the id, the task the name,
// and the program the image.
void AppendCadvisorIdentity(const TaskTarget& target, std::string* out);

}  // namespace reeve

#endif  // REEVE_EXPORTERS_PROMETHEUS_CADVISOR_METRICS_H_
