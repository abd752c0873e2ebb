#include "exporters/prometheus/network_metrics.h"

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "collectors/extra_sample.h"

namespace reeve {
namespace {

size_t CountInterfaces(const TaskSnapshot& task) {
  return task.extra == nullptr ? 0 : task.extra->network.size();
}

absl::string_view InterfaceName(const TaskSnapshot& task, size_t item) {
  return task.extra->network[item].device;
}

template <TrafficCounts InterfaceTraffic::*kDirection,
          uint64_t TrafficCounts::*kCount>
MetricValue CountOf(const TaskSnapshot& task, size_t item) {
  return task.extra->network[item].*kDirection.*kCount;
}

struct Row {
  const char* name;
  const char* help;
  absl::string_view unit;
  MetricValue (*value)(const TaskSnapshot& task, size_t item);
};

TaskMetric MetricOf(const Row& row) {
  TaskMetric metric;
  metric.name = std::string("reeve_task_network_") + row.name + "_total";
  metric.help = std::string(row.help) +
                " Only for a task with a network namespace of its own.";
  metric.type = "counter";
  metric.unit = row.unit;
  metric.v1_source = "/proc/PID/net/dev of the main process";
  metric.v2_source = metric.v1_source;
  metric.items = {"device", CountInterfaces, InterfaceName};
  metric.item_series = {{"", row.value}};
  metric.collector = "network";
  metric.optional_collector = metric.collector;
  metric.has_groups = false;
  return metric;
}

}  // namespace

std::vector<TaskMetric> NetworkMetrics() {
  using I = InterfaceTraffic;
  using C = TrafficCounts;
  std::vector<TaskMetric> metrics;
  for (const Row& row : {
           Row{"receive_bytes", "Bytes that the task received.", "bytes",
               CountOf<&I::received, &C::bytes>},
           Row{"receive_packets", "Packets that the task received.", "",
               CountOf<&I::received, &C::packets>},
           Row{"receive_errors", "Packets that were received damaged.", "",
               CountOf<&I::received, &C::errors>},
           Row{"receive_drop", "Packets that were dropped when received.", "",
               CountOf<&I::received, &C::drops>},
           Row{"transmit_bytes", "Bytes that the task sent.", "bytes",
               CountOf<&I::sent, &C::bytes>},
           Row{"transmit_packets", "Packets that the task sent.", "",
               CountOf<&I::sent, &C::packets>},
           Row{"transmit_errors", "Packets that could not be sent.", "",
               CountOf<&I::sent, &C::errors>},
           Row{"transmit_drop", "Packets that were dropped before they left.",
               "", CountOf<&I::sent, &C::drops>},
       }) {
    metrics.push_back(MetricOf(row));
  }
  return metrics;
}

}  // namespace reeve
