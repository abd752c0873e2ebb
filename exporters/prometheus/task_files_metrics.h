#ifndef REEVE_EXPORTERS_PROMETHEUS_TASK_FILES_METRICS_H_
#define REEVE_EXPORTERS_PROMETHEUS_TASK_FILES_METRICS_H_

#include <prometheus/metric_family.h>

#include <functional>
#include <string>
#include <vector>

namespace reeve {

// A file of the agent's directory of specs.
struct TaskFile {
  std::string name;
  // Why it is not applied, one of those of the documentation; empty if it is.
  std::string failure;
  // The id of its task.
  std::string task;
};

struct TaskFilesStatus {
  // Whether the directory could be looked at.
  bool is_readable = false;
  std::vector<TaskFile> files;
  // Whether the task of an id has failed. Asked whenever families are made,
  // since tasks end whenever they like; thread-safe.
  std::function<bool(const std::string& task)> has_failed;
};

// The families on the agent's directory of specs.
std::vector<prometheus::MetricFamily> TaskFilesFamilies(
    const TaskFilesStatus& status);

// Every family, with every reason, of files and a task that have no name, for
// the documentation.
std::vector<prometheus::MetricFamily> TaskFilesExample();

}  // namespace reeve

#endif  // REEVE_EXPORTERS_PROMETHEUS_TASK_FILES_METRICS_H_
