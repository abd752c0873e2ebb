#include "collectors/process_totals.h"

namespace reeve {
namespace {

void AddTo(std::optional<double>& sum, const std::optional<double>& value) {
  if (value.has_value()) sum = sum.value_or(0) + *value;
}

}  // namespace

ProcessTotals SumOf(const std::vector<ProcessSnapshot>& processes) {
  ProcessTotals totals;
  totals.processes = processes.size();
  for (const ProcessSnapshot& process : processes) {
    totals.rss_bytes += process.rss_bytes;
    totals.swap_bytes += process.swap_bytes;
    totals.threads += process.threads;
    totals.cpu_user_ns += process.cpu_user_ns;
    totals.cpu_system_ns += process.cpu_system_ns;
    AddTo(totals.cpu_percent, process.cpu_percent);
    AddTo(totals.cpu_user_percent, process.cpu_user_percent);
    AddTo(totals.cpu_system_percent, process.cpu_system_percent);
  }
  return totals;
}

}  // namespace reeve
