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
  kSchedulingPolicy = 20,
  kControllingTty = 21,
  kNoNewPrivileges = 22,
  kLandlock = 23,
  kJoinNamespaces = 24,
  kCgroupNamespace = 25,
  kJoinNetwork = 26,
  kLoopback = 27,
  kHostname = 28,
  kPrivateMounts = 29,
  kAttachRoot = 30,
  kRootStep = 31,
  kReadOnlyRoot = 32,
  kPivotRoot = 33,
  kChroot = 34,
  kKeyring = 35,
  kCapabilities = 36,
  kSeccomp = 37,
  kLabel = 38,
  kInit = 39,
  kIdMap = 40,
  kIdMapOfRoot = 41,
};

// In StartReport::item of kExec: there is such a file.
constexpr int32_t kProgramIsThere = 1 << 30;

// The first message from the shim to the agent, and for a task the only one:
// the program runs, or what kept it from running. Smaller than PIPE_BUF, so it
// arrives whole or not at all.
// Instants of a start, by the monotonic clock.
enum StartMark { kShimRuns, kRootIsMade, kProgramRuns, kStartMarkCount };

struct StartReport {
  // kNone: the program runs.
  StartStage failed_stage;
  int32_t error_number;
  int32_t pid;
  // Of kResourceLimits the resource, of kRootStep which one, of kExec which of
  // the programs, and kProgramIsThere.
  int32_t item;
  // Field 22 of /proc/PID/stat.
  uint64_t start_time_ticks;
  // Of StartMark, in nanoseconds; 0 for what was not come to.
  int64_t marks[kStartMarkCount];
};
static_assert(sizeof(StartReport) == 48, "shared by agent and shim");

// The second message, if the plan asks for it: the program has ended.
struct ExitReport {
  // waitpid(2)'s.
  int32_t wait_status;
};
static_assert(sizeof(ExitReport) == 4, "shared by agent and shim");

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SHIM_START_REPORT_H_
