#include "agent/metrics_observer.h"

#include <vector>

#include "glog/logging.h"

namespace reeve {
namespace {

TaskExitReason ReasonOf(const ExitStatus& exit) {
  if (exit.oom_killed) return TaskExitReason::kOom;
  if (exit.code == ExitStatus::kUnknown) return TaskExitReason::kUnknown;
  if (exit.signal != 0) return TaskExitReason::kSignal;
  return exit.code == 0 ? TaskExitReason::kSuccess : TaskExitReason::kError;
}

}  // namespace

void MetricsObserver::OnLaunch(const absl::Status& status,
                               absl::Duration duration) {
  metrics_.OnLaunch(status.ok(), duration);
  watch_.OnAttempt(status.ok());
}

void MetricsObserver::OnLaunchPhases(const std::vector<LaunchPhase>& phases) {
  for (const LaunchPhase& phase : phases) {
    metrics_.OnLaunchPhase(phase.name, phase.duration);
  }
}

void MetricsObserver::OnExit(const ExitStatus& exit) {
  metrics_.OnExit(ReasonOf(exit));
}

void MetricsObserver::OnOomKills(uint64_t count) { metrics_.OnOomKills(count); }

void MetricsObserver::OnUpdate(const ResourceLimits& limits,
                               const absl::Status& status,
                               absl::Duration duration) {
  std::vector<LimitResource> resources;
  if (limits.has_memory()) resources.push_back(LimitResource::kMemory);
  if (limits.has_cpu()) resources.push_back(LimitResource::kCpu);
  if (limits.pids) resources.push_back(LimitResource::kPids);
  if (limits.has_cpuset()) resources.push_back(LimitResource::kCpuset);
  if (limits.has_io()) resources.push_back(LimitResource::kIo);
  if (!limits.hugetlb.empty()) resources.push_back(LimitResource::kHugetlb);
  if (limits.has_process()) resources.push_back(LimitResource::kProcess);
  metrics_.OnLimitUpdate(resources, status.ok(), duration);
  watch_.OnAttempt(status.ok());
}

void MetricsObserver::OnCgroupLeaked(const absl::Status& status) {
  metrics_.OnCgroupLeaked();
  LOG(ERROR) << "gave up removing a cgroup: " << status.message();
}

void MetricsObserver::OnEvent(const TaskEvent& event) {
  metrics_.OnEvent(EventTypeName(event.type));
}

}  // namespace reeve
