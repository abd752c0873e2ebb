#ifndef REEVE_COLLECTORS_PROCESSES_PROCESS_USAGE_H_
#define REEVE_COLLECTORS_PROCESSES_PROCESS_USAGE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "collectors/procfs/process_state.h"

namespace reeve {

// What a process has used since its start, by the index in ProcessCounters.
enum ProcessCounter : size_t {
  // Nanoseconds, in steps of a clock tick.
  kCpuUserNs,
  kCpuSystemNs,
  kMinorFaults,
  kMajorFaults,
  // The next two with ProcessesOptions::io alone.
  kReadBytes,
  kWriteBytes,
  // The next two with ProcessesOptions::status alone.
  kVoluntarySwitches,
  kInvoluntarySwitches,
  kProcessCounterCount
};

// What it has now, by the index in ProcessGauges.
enum ProcessGauge : size_t {
  kResidentBytes,
  kVirtualBytes,
  kThreads,
  // With ProcessesOptions::status alone.
  kSwapBytes,
  // The next two with ProcessesOptions::fds alone; the second is their limit.
  kOpenFds,
  kMaxFds,
  kProcessGaugeCount
};

// Absent where the kernel does not tell, or does not tell us.
using ProcessCounters =
    std::array<std::optional<uint64_t>, kProcessCounterCount>;
using ProcessGauges = std::array<std::optional<uint64_t>, kProcessGaugeCount>;

// One process at one instant.
struct ProcessUsage {
  ProcessCounters counters;
  ProcessGauges gauges;
  ProcessState state = kOtherState;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_PROCESSES_PROCESS_USAGE_H_
