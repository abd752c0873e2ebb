#ifndef REEVE_EXPORTERS_PROMETHEUS_PROCESSES_METRICS_H_
#define REEVE_EXPORTERS_PROMETHEUS_PROCESSES_METRICS_H_

#include <cstddef>
#include <vector>

#include "absl/strings/string_view.h"
#include "collectors/processes/processes_options.h"
#include "collectors/processes/processes_snapshot.h"
#include "exporters/prometheus/host_family.h"
#include "exporters/prometheus/task_metric.h"

namespace reeve {

// One series of a family for every row of a snapshot.
template <typename Row>
struct RowSeries {
  // What tells it from the family's other series, as on the page:
  // `mode="user"`; empty if it is the only one.
  absl::string_view label;
  // Absent (monostate) where the row has no such value.
  MetricValue (*value)(const Row& row);
};

// A family with series for every row: a row of the table that both the page and
// the documentation are made from.
template <typename Row>
struct RowFamily {
  HostFamily description;
  std::vector<RowSeries<Row>> series;
};

// In the order of the page.
std::vector<RowFamily<ProcessGroupRow>> ProcessGroupFamilies();
std::vector<RowFamily<ProcessRow>> ProcessFamilies();
std::vector<RowFamily<OmittedProcesses>> OmittedProcessesFamilies();

// How many series one group, or one process, has at most.
size_t SeriesPerGroup(const ProcessesOptions& options);
size_t SeriesPerProcess(const ProcessesOptions& options);

// The chapter of the documentation.
HostFamilies ProcessesChapter();

}  // namespace reeve

#endif  // REEVE_EXPORTERS_PROMETHEUS_PROCESSES_METRICS_H_
