#include "exporters/prometheus/io_metrics.h"

#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"
#include "collectors/extra_sample.h"

namespace reeve {
namespace {

size_t CountDevices(const TaskSnapshot& task) {
  return task.extra == nullptr ? 0 : task.extra->io.size();
}

absl::string_view DeviceName(const TaskSnapshot& task, size_t item) {
  return task.extra->io[item].device;
}

template <std::optional<uint64_t> DeviceIo::*kCount>
MetricValue CountOf(const TaskSnapshot& task, size_t item) {
  const std::optional<uint64_t>& count = task.extra->io[item].*kCount;
  return count ? MetricValue(*count) : MetricValue();
}

TaskMetric DeviceMetric() {
  TaskMetric metric;
  metric.type = "counter";
  metric.items = {"device", CountDevices, DeviceName};
  metric.collector = "io";
  metric.optional_collector = metric.collector;
  return metric;
}

TaskMetric IoBytes() {
  TaskMetric metric = DeviceMetric();
  metric.name = "reeve_task_io_bytes_total";
  metric.help =
      "Bytes that the task read from a device, wrote to it, or discarded on "
      "it. On cgroup v1 without what is written back from the page cache, only "
      "for a task with limits of devices, and since Linux 6.10 only of devices "
      "that have one.";
  metric.unit = "bytes";
  metric.v1_source = "blkio.throttle.io_service_bytes_recursive";
  metric.v2_source = "io.stat rbytes, wbytes, dbytes";
  metric.item_series = {{R"(op="read")", CountOf<&DeviceIo::read_bytes>},
                        {R"(op="write")", CountOf<&DeviceIo::write_bytes>},
                        {R"(op="discard")", CountOf<&DeviceIo::discard_bytes>}};
  return metric;
}

TaskMetric IoOperations() {
  TaskMetric metric = DeviceMetric();
  metric.name = "reeve_task_io_operations_total";
  metric.help =
      "Requests by which the task read from a device, wrote to it, or "
      "discarded on it. As of the bytes.";
  metric.v1_source = "blkio.throttle.io_serviced_recursive";
  metric.v2_source = "io.stat rios, wios, dios";
  metric.item_series = {
      {R"(op="read")", CountOf<&DeviceIo::read_operations>},
      {R"(op="write")", CountOf<&DeviceIo::write_operations>},
      {R"(op="discard")", CountOf<&DeviceIo::discard_operations>}};
  return metric;
}

}  // namespace

std::vector<TaskMetric> IoMetrics() { return {IoBytes(), IoOperations()}; }

}  // namespace reeve
