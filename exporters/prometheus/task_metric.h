#ifndef REEVE_EXPORTERS_PROMETHEUS_TASK_METRIC_H_
#define REEVE_EXPORTERS_PROMETHEUS_TASK_METRIC_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "collectors/snapshot.h"
#include "exporters/prometheus/metric_value.h"

namespace reeve {

// One series of a family for every task.
struct TaskSeries {
  // What tells it from the family's other series, as on the page:
  // `mode="user"`; empty if it is the only one.
  absl::string_view label;
  // Absent (monostate) where the task has no such value.
  MetricValue (*value)(const TaskSnapshot& task);
};

// Things that a task has any number of, such as devices.
struct MetricItems {
  // The label that names an item: "device".
  absl::string_view label;
  size_t (*count)(const TaskSnapshot& task) = nullptr;
  absl::string_view (*name)(const TaskSnapshot& task, size_t item) = nullptr;
};

// One series of a family for every such thing.
struct ItemSeries {
  // Beside the item's, as in TaskSeries.
  absl::string_view label;
  MetricValue (*value)(const TaskSnapshot& task, size_t item);
};

// One family of task metrics: a row of the table that both the page and the
// documentation are made from. GroupMetrics() makes one of groups from it.
struct TaskMetric {
  std::string name;
  // The part of the page that it is asked for by: "cpu", "memory" …
  absl::string_view collector;
  std::string help;
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
  // Of a family with series for items alone.
  MetricItems items = {};
  std::vector<ItemSeries> item_series = {};
  // The optional collector that it comes from; empty if it always is there.
  absl::string_view optional_collector = {};
  // Groups have such a family too.
  bool has_groups = true;
};

}  // namespace reeve

#endif  // REEVE_EXPORTERS_PROMETHEUS_TASK_METRIC_H_
