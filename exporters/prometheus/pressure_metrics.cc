#include "exporters/prometheus/pressure_metrics.h"

#include <cstdint>
#include <optional>
#include <string>

#include "collectors/extra_sample.h"

namespace reeve {
namespace {

template <PressureTimes ExtraSample::*kResource,
          std::optional<uint64_t> PressureTimes::*kTime>
MetricValue TimeOf(const TaskSnapshot& task) {
  if (task.extra == nullptr) return {};
  const std::optional<uint64_t>& time = (*task.extra).*kResource.*kTime;
  return time ? MetricValue(Nanoseconds{*time}) : MetricValue();
}

TaskMetric PressureMetric(const std::string& name, const std::string& help,
                          absl::string_view v1_source,
                          absl::string_view v2_source,
                          MetricValue (*value)(const TaskSnapshot& task)) {
  TaskMetric metric;
  metric.name = "reeve_task_pressure_" + name + "_seconds_total";
  metric.help = help;
  metric.type = "counter";
  metric.unit = "seconds";
  metric.v1_source = v1_source;
  metric.v2_source = v2_source;
  metric.series = {{"", value}};
  metric.collector = "pressure";
  metric.optional_collector = metric.collector;
  return metric;
}

template <PressureTimes ExtraSample::*kResource>
void AddPair(const std::string& resource, const std::string& what,
             absl::string_view v1_source, absl::string_view v2_source,
             std::vector<TaskMetric>* metrics) {
  metrics->push_back(PressureMetric(
      resource + "_waiting",
      "Time in which some processes of the task waited for " + what + ".",
      v1_source, v2_source, TimeOf<kResource, &PressureTimes::waiting_ns>));
  metrics->push_back(PressureMetric(
      resource + "_stalled",
      "Time in which all processes of the task that had something to do "
      "waited for " +
          what + ".",
      v1_source, v2_source, TimeOf<kResource, &PressureTimes::stalled_ns>));
}

}  // namespace

std::vector<TaskMetric> PressureMetrics() {
  std::vector<TaskMetric> metrics;
  AddPair<&ExtraSample::cpu_pressure>(
      "cpu", "a CPU", "on hybrid hosts cpu.pressure of the twin",
      "cpu.pressure", &metrics);
  AddPair<&ExtraSample::memory_pressure>(
      "memory", "memory", "on hybrid hosts memory.pressure of the twin",
      "memory.pressure", &metrics);
  AddPair<&ExtraSample::io_pressure>("io", "a device",
                                     "on hybrid hosts io.pressure of the twin",
                                     "io.pressure", &metrics);
  return metrics;
}

}  // namespace reeve
