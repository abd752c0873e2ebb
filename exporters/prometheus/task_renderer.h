#ifndef REEVE_EXPORTERS_PROMETHEUS_TASK_RENDERER_H_
#define REEVE_EXPORTERS_PROMETHEUS_TASK_RENDERER_H_

#include <cstddef>
#include <string>
#include <vector>

#include "collectors/snapshot.h"
#include "exporters/prometheus/task_metric.h"

namespace reeve {

// Writes the task metrics of a snapshot as Prometheus text. It keeps its
// buffers, so that a page costs no allocation once pages of its size have been
// written. Thread-compatible.
class TaskRenderer {
 public:
  TaskRenderer();

  // Adds every family that has a series to `page`.
  void Append(const Snapshot& snapshot, std::string* page);

 private:
  void PrepareLabels(const Snapshot& snapshot);
  void AppendFamily(size_t metric, const Snapshot& snapshot, std::string* page);

  const std::vector<TaskMetric> metrics_;
  // Of each family, its HELP and TYPE lines.
  std::vector<std::string> headers_;
  // Of each task on the page, `task="…"` and its group, one after the other in
  // `labels_`; a task's end is the next one's beginning.
  std::string labels_;
  std::vector<size_t> label_ends_;
};

}  // namespace reeve

#endif  // REEVE_EXPORTERS_PROMETHEUS_TASK_RENDERER_H_
