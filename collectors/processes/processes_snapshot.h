#ifndef REEVE_COLLECTORS_PROCESSES_PROCESSES_SNAPSHOT_H_
#define REEVE_COLLECTORS_PROCESSES_PROCESSES_SNAPSHOT_H_

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "collectors/processes/process_usage.h"

namespace reeve {

// A process that has series of its own.
struct ProcessRow {
  pid_t pid = 0;
  std::string comm;
  // The id of its task; empty for others.
  std::string task;
  absl::Time started_at;
  ProcessUsage usage;
};

// Processes that are counted together.
struct ProcessGroupRow {
  std::string name;
  // 0 for a while after the last one has ended.
  uint64_t processes = 0;
  std::array<uint64_t, kProcessStateCount> states = {};
  // Of all processes that were in the group, while they were.
  ProcessCounters counters;
  // Of those that are in it.
  ProcessGauges gauges;
  std::optional<absl::Time> oldest_started_at;
  // The highest share of its limit of descriptors that one of them has open.
  std::optional<double> worst_fds_ratio;
};

// How many processes have no series, and why.
struct OmittedProcesses {
  // Of their own: neither among those that use most CPU time nor among those
  // with most memory.
  uint64_t top = 0;
  // Of their own: there would be more series than allowed.
  uint64_t process_series = 0;
  // In no group: there would be more series than allowed.
  uint64_t group_series = 0;
};

// One round. Immutable once published.
struct ProcessesSnapshot {
  // By pid; empty unless they are asked for.
  std::vector<ProcessRow> processes;
  // By name.
  std::vector<ProcessGroupRow> groups;
  OmittedProcesses omitted;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_PROCESSES_PROCESSES_SNAPSHOT_H_
