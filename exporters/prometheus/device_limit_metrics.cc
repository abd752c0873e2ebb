#include "exporters/prometheus/device_limit_metrics.h"

#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"
#include "collectors/task_target.h"

namespace reeve {
namespace {

constexpr char kLimits[] = "limits";
constexpr char kGauge[] = "gauge";

using Count = std::optional<uint64_t>;

MetricValue ValueOf(const Count& count) {
  return count ? MetricValue(*count) : MetricValue();
}

MetricValue CpusetCpus(const TaskSnapshot& task) {
  return ValueOf(task.target->limits.cpuset_cpu_count);
}

MetricValue IoWeight(const TaskSnapshot& task) {
  return ValueOf(task.target->limits.io_weight);
}

size_t CountDevices(const TaskSnapshot& task) {
  return task.target->limits.io.size();
}

absl::string_view DeviceName(const TaskSnapshot& task, size_t item) {
  return task.target->limits.io[item].device;
}

template <Count IoLimitValues::*kField>
MetricValue RateOf(const TaskSnapshot& task, size_t item) {
  return ValueOf(task.target->limits.io[item].*kField);
}

size_t CountPageSizes(const TaskSnapshot& task) {
  return task.target->limits.hugetlb.size();
}

absl::string_view PageSizeName(const TaskSnapshot& task, size_t item) {
  return task.target->limits.hugetlb[item].page_size;
}

MetricValue HugePageBytes(const TaskSnapshot& task, size_t item) {
  return task.target->limits.hugetlb[item].bytes;
}

constexpr MetricItems kDevices = {"device", CountDevices, DeviceName};
constexpr MetricItems kPageSizes = {"page_size", CountPageSizes, PageSizeName};

TaskMetric CpusetMetric() {
  return {"reeve_task_cpuset_cpus",
          kLimits,
          "How many CPUs the task may run on. Absent if it may run on all.",
          kGauge,
          "",
          "cpuset.cpus",
          "cpuset.cpus",
          {{"", CpusetCpus}}};
}

TaskMetric IoWeightMetric() {
  return {"reeve_task_io_weight",
          kLimits,
          "The task's weight among its siblings where a disk is busy; 100 is "
          "an ordinary task. Absent if it was never set.",
          kGauge,
          "",
          "blkio.bfq.weight or blkio.weight",
          "io.weight or io.bfq.weight",
          {{"", IoWeight}}};
}

TaskMetric IoBytesMetric() {
  TaskMetric metric = {
      "reeve_task_io_limit_bytes_per_second",
      kLimits,
      "Bytes that the task may read from or write to a device in a second. "
      "Absent without a limit.",
      kGauge,
      "bytes_per_second",
      "blkio.throttle.read_bps_device, blkio.throttle.write_bps_device",
      "io.max rbps, wbps",
      {}};
  metric.items = kDevices;
  metric.item_series = {{R"(op="read")", RateOf<&IoLimitValues::read_bytes>},
                        {R"(op="write")", RateOf<&IoLimitValues::write_bytes>}};
  return metric;
}

TaskMetric IoOperationsMetric() {
  TaskMetric metric = {
      "reeve_task_io_limit_operations_per_second",
      kLimits,
      "Reads or writes of a device that the task may make in a second. Absent "
      "without a limit.",
      kGauge,
      "operations_per_second",
      "blkio.throttle.read_iops_device, blkio.throttle.write_iops_device",
      "io.max riops, wiops",
      {}};
  metric.items = kDevices;
  metric.item_series = {
      {R"(op="read")", RateOf<&IoLimitValues::read_operations>},
      {R"(op="write")", RateOf<&IoLimitValues::write_operations>}};
  return metric;
}

TaskMetric HugetlbMetric() {
  TaskMetric metric = {
      "reeve_task_hugetlb_limit_bytes",
      kLimits,
      "Memory that the task may have in huge pages of one size. Absent without "
      "a limit.",
      kGauge,
      "bytes",
      "hugetlb.SIZE.limit_in_bytes",
      "hugetlb.SIZE.max",
      {}};
  metric.items = kPageSizes;
  metric.item_series = {{"", HugePageBytes}};
  return metric;
}

}  // namespace

std::vector<TaskMetric> DeviceLimitMetrics() {
  return {CpusetMetric(), IoWeightMetric(), IoBytesMetric(),
          IoOperationsMetric(), HugetlbMetric()};
}

}  // namespace reeve
