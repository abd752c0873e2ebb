#include "agent/api/process_usage.h"

#include <optional>

#include "collectors/process_totals.h"

namespace reeve {

v1::ProcessTotals TotalsToProto(const std::vector<ProcessSnapshot>& processes) {
  const ProcessTotals totals = SumOf(processes);
  v1::ProcessTotals message;
  message.set_processes(totals.processes);
  message.set_rss_bytes(totals.rss_bytes);
  message.set_swap_bytes(totals.swap_bytes);
  message.set_threads(totals.threads);
  message.set_cpu_user_nsec(totals.cpu_user_ns);
  message.set_cpu_system_nsec(totals.cpu_system_ns);
  if (totals.cpu_percent.has_value()) {
    message.set_cpu_percent(*totals.cpu_percent);
  }
  if (totals.cpu_user_percent.has_value()) {
    message.set_cpu_user_percent(*totals.cpu_user_percent);
  }
  if (totals.cpu_system_percent.has_value()) {
    message.set_cpu_system_percent(*totals.cpu_system_percent);
  }
  return message;
}

void MeasureByProcesses(const TaskSnapshot& snapshot, v1::Usage* usage) {
  if (snapshot.processes == nullptr || snapshot.processes->empty()) return;
  const ProcessTotals totals = SumOf(*snapshot.processes);
  const CgroupSample& cgroup = snapshot.cgroup;
  // A percentage may be missing of a cgroup that has told its CPU time once: it
  // will tell the percentage too.
  if (!cgroup.cpu_usage_ns.has_value() && totals.cpu_percent.has_value()) {
    usage->set_cpu_percent(*totals.cpu_percent);
    usage->add_measured_by_processes("cpu_percent");
  }
  if (!cgroup.cpu_user_ns.has_value() && totals.cpu_user_percent.has_value()) {
    usage->set_cpu_user_percent(*totals.cpu_user_percent);
    usage->add_measured_by_processes("cpu_user_percent");
  }
  if (!cgroup.cpu_system_ns.has_value() &&
      totals.cpu_system_percent.has_value()) {
    usage->set_cpu_system_percent(*totals.cpu_system_percent);
    usage->add_measured_by_processes("cpu_system_percent");
  }
  if (!cgroup.memory_usage_bytes.has_value()) {
    usage->set_memory_usage_bytes(totals.rss_bytes);
    usage->add_measured_by_processes("memory_usage_bytes");
  }
  if (!cgroup.memory_swap_bytes.has_value()) {
    usage->set_memory_swap_bytes(totals.swap_bytes);
    usage->add_measured_by_processes("memory_swap_bytes");
  }
}

}  // namespace reeve
