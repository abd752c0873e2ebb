#include "exporters/prometheus/process_detail_metrics.h"

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"
#include "collectors/extra_sample.h"

namespace reeve {
namespace {

TaskMetric DetailMetric(absl::string_view collector, absl::string_view source) {
  TaskMetric metric;
  metric.collector = collector;
  metric.optional_collector = collector;
  metric.v1_source = source;
  metric.v2_source = source;
  metric.has_groups = false;
  return metric;
}

template <ProcessState kState>
MetricValue InState(const TaskSnapshot& task) {
  if (task.extra == nullptr) return {};
  const std::optional<ProcessStateCounts>& states = task.extra->process_states;
  return states ? MetricValue((*states)[kState]) : MetricValue();
}

TaskMetric States() {
  TaskMetric metric = DetailMetric("process-states", "/proc/PID/stat state");
  metric.name = "reeve_task_processes";
  metric.help =
      "Processes of the task by what they do: they run or could (running), "
      "sleep, wait for a device (blocked), are stopped, or have ended without "
      "being asked how (zombie). Looked at every five seconds.";
  metric.type = "gauge";
  metric.series = {{R"(state="running")", InState<kRunning>},
                   {R"(state="sleeping")", InState<kSleeping>},
                   {R"(state="blocked")", InState<kBlocked>},
                   {R"(state="stopped")", InState<kStopped>},
                   {R"(state="zombie")", InState<kZombie>},
                   {R"(state="other")", InState<kOtherState>}};
  return metric;
}

TaskMetric OpenDescriptors() {
  TaskMetric metric = DetailMetric("descriptors", "/proc/PID/fd");
  metric.name = "reeve_task_open_descriptors";
  metric.help =
      "File descriptors that the task's processes have open; one that "
      "processes share counts for each. Looked at every five seconds.";
  metric.type = "gauge";
  metric.series = {{"", [](const TaskSnapshot& task) {
                      return task.extra == nullptr
                                 ? MetricValue()
                                 : ValueOf(task.extra->open_descriptors);
                    }}};
  return metric;
}

TaskMetric RunQueueWait() {
  TaskMetric metric = DetailMetric("schedstat", "/proc/PID/task/TID/schedstat");
  metric.name = "reeve_task_run_queue_wait_seconds_total";
  metric.help =
      "Time that threads of the task could have run and waited for a CPU, "
      "added up. Looked at every five seconds: what a thread waited after the "
      "last look at it is missing.";
  metric.type = "counter";
  metric.unit = "seconds";
  metric.series = {{"", [](const TaskSnapshot& task) {
                      return task.extra == nullptr
                                 ? MetricValue()
                                 : SecondsOf(task.extra->run_queue_wait_ns);
                    }}};
  return metric;
}

}  // namespace

std::vector<TaskMetric> ProcessDetailMetrics() {
  return {States(), OpenDescriptors(), RunQueueWait()};
}

}  // namespace reeve
