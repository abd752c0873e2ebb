#ifndef REEVE_EXPORTERS_PROMETHEUS_TASK_METRIC_H_
#define REEVE_EXPORTERS_PROMETHEUS_TASK_METRIC_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/variant.h"
#include "collectors/snapshot.h"

namespace reeve {

// A sample value, in the form that is exact and quick to write.
struct Nanoseconds {
  uint64_t count;
};
using MetricValue =
    absl::variant<absl::monostate, uint64_t, double, Nanoseconds>;

// One series of a family for every task.
struct TaskSeries {
  // What tells it from the family's other series, as on the page:
  // `mode="user"`; empty if it is the only one.
  absl::string_view label;
  // Absent (monostate) where the task has no such value.
  MetricValue (*value)(const TaskSnapshot& task);
};

// One family of task metrics: a row of the table that both the page and the
// documentation are made from.
struct TaskMetric {
  absl::string_view name;
  absl::string_view help;
  // counter or gauge.
  absl::string_view type;
  // "seconds", "bytes" …; empty for plain counts.
  absl::string_view unit;
  // Where the value comes from on either cgroup version; empty if it does not
  // exist there.
  absl::string_view v1_source;
  absl::string_view v2_source;
  std::vector<TaskSeries> series;
  // The labels of TaskTarget::info too.
  bool has_info_labels = false;
};

}  // namespace reeve

#endif  // REEVE_EXPORTERS_PROMETHEUS_TASK_METRIC_H_
