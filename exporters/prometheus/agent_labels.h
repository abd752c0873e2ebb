#ifndef REEVE_EXPORTERS_PROMETHEUS_AGENT_LABELS_H_
#define REEVE_EXPORTERS_PROMETHEUS_AGENT_LABELS_H_

namespace reeve {

// Label values of the agent's own metrics: all that can ever occur, so that
// every series is there from the start.
enum class TaskExitReason { kSuccess, kError, kSignal, kOom, kUnknown };
enum class LimitResource {
  kMemory,
  kCpu,
  kPids,
  kCpuset,
  kIo,
  kHugetlb,
  kProcess
};
enum class HttpRoute {
  kLanding,
  kMetrics,
  kCadvisor,
  kHealthy,
  kReady,
  kTasks,
  kTask,
  kTaskHistory,
  kGroups,
  kGroupHistory,
  kOther,
};

}  // namespace reeve

#endif  // REEVE_EXPORTERS_PROMETHEUS_AGENT_LABELS_H_
