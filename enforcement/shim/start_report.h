#ifndef REEVE_ENFORCEMENT_SHIM_START_REPORT_H_
#define REEVE_ENFORCEMENT_SHIM_START_REPORT_H_

#include <cstdint>

namespace reeve {

// The steps of a start that can fail. Agent and shim share the values, and
// logs carry them: add at the end, never renumber.
enum class StartStage : int32_t {
  kNone = 0,
  kReadPlan = 1,
  kTakeDescriptors = 2,
  kOpenFifos = 3,
  kSubreaper = 4,
  kClone = 5,
  kEnterCgroup = 6,
  kNewSession = 7,
  kSignals = 8,
  kResourceLimits = 9,
  kOomScore = 10,
  kWorkingDirectory = 11,
  kGroups = 12,
  kGroupId = 13,
  kUserId = 14,
  kStandardStreams = 15,
  kCloseOnExec = 16,
  kExec = 17,
  kWriteStateFiles = 18,
  kNice = 19,
};

// The only message from the shim to the agent: the program runs, or what kept
// it from running. Smaller than PIPE_BUF, so it arrives whole or not at all.
struct StartReport {
  // kNone: the program runs.
  StartStage failed_stage;
  int32_t error_number;
  int32_t pid;
  int32_t reserved;
  // Field 22 of /proc/PID/stat.
  uint64_t start_time_ticks;
};
static_assert(sizeof(StartReport) == 24, "shared by agent and shim");

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SHIM_START_REPORT_H_
