#include "exporters/prometheus/task_files_metrics.h"

#include <cstddef>
#include <string>
#include <utility>

#include "exporters/prometheus/agent_label_tables.h"
#include "exporters/prometheus/gauge_family.h"

namespace reeve {

using prometheus::MetricFamily;

std::vector<MetricFamily> TaskFilesFamilies(const TaskFilesStatus& status) {
  MetricFamily counts = GaugeFamily(
      "reeve_task_files",
      "Files of the agent's directory of specs, by whether they are applied.");
  MetricFamily failed = GaugeFamily(
      "reeve_task_file_failed",
      "1 for a file of the directory of specs that is not applied, and why. "
      "Absent for all others.");
  MetricFamily failed_tasks = GaugeFamily(
      "reeve_task_file_task_failed",
      "1 for a file of the directory of specs that is applied, and whose task "
      "has ended for good, not with exit code 0, and was not stopped. Absent "
      "for all others.");
  MetricFamily readable = GaugeFamily(
      "reeve_task_files_readable",
      "Whether the directory of specs could be looked at, 1 or 0. While it "
      "cannot, tasks go on as they are.");
  for (const TaskFile& file : status.files) {
    if (!file.failure.empty()) {
      AddGauge({{"file", file.name}, {"reason", file.failure}}, 1, &failed);
    } else if (status.has_failed != nullptr && status.has_failed(file.task)) {
      AddGauge({{"file", file.name}, {"task", file.task}}, 1, &failed_tasks);
    }
  }
  const size_t failures = failed.metric.size();
  AddGauge({{"state", "applied"}},
           static_cast<double>(status.files.size() - failures), &counts);
  AddGauge({{"state", "failed"}}, static_cast<double>(failures), &counts);
  AddGauge({}, status.is_readable ? 1 : 0, &readable);
  std::vector<MetricFamily> families;
  families.push_back(std::move(counts));
  if (failures > 0) families.push_back(std::move(failed));
  if (!failed_tasks.metric.empty()) families.push_back(std::move(failed_tasks));
  families.push_back(std::move(readable));
  return families;
}

std::vector<MetricFamily> TaskFilesExample() {
  TaskFilesStatus status;
  for (const char* failure : kTaskFileFailures) {
    status.files.push_back({"", failure, ""});
  }
  status.files.push_back({"", "", ""});
  status.has_failed = [](const std::string& /*task*/) { return true; };
  return TaskFilesFamilies(status);
}

}  // namespace reeve
