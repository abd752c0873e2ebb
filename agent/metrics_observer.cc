#include "agent/metrics_observer.h"

#include <initializer_list>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/string_view.h"
#include "enforcement/cgroup/limit_fault.h"
#include "glog/logging.h"

namespace reeve {
namespace {

TaskExitReason ReasonOf(const ExitStatus& exit) {
  if (exit.oom_killed) return TaskExitReason::kOom;
  if (exit.code == ExitStatus::kUnknown) return TaskExitReason::kUnknown;
  if (exit.signal != 0) return TaskExitReason::kSignal;
  return exit.code == 0 ? TaskExitReason::kSuccess : TaskExitReason::kError;
}

// Those of the limits; of an update that failed by one, its own alone.
std::vector<LimitResource> ResourcesOf(const ResourceLimits& limits,
                                       const absl::Status& status) {
  const std::string fault = LimitFaultOf(status);
  std::vector<LimitResource> resources;
  const auto add = [&](LimitResource resource, bool is_limited,
                       std::initializer_list<absl::string_view> controllers) {
    if (!is_limited) return;
    if (!fault.empty() && !absl::c_linear_search(controllers, fault)) return;
    resources.push_back(resource);
  };
  add(LimitResource::kMemory, limits.has_memory(), {"memory"});
  add(LimitResource::kCpu, limits.has_cpu(), {"cpu"});
  add(LimitResource::kPids, limits.pids.has_value(), {"pids"});
  add(LimitResource::kCpuset, limits.has_cpuset(), {"cpuset"});
  // As v1 and v2 name it.
  add(LimitResource::kIo, limits.has_io(), {"blkio", "io"});
  add(LimitResource::kHugetlb, !limits.hugetlb.empty(), {"hugetlb"});
  add(LimitResource::kProcess, limits.has_process(), {"process"});
  return resources;
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
  metrics_.OnLimitUpdate(ResourcesOf(limits, status), status.ok(), duration);
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
