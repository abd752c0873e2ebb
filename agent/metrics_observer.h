#ifndef REEVE_AGENT_METRICS_OBSERVER_H_
#define REEVE_AGENT_METRICS_OBSERVER_H_

#include <cstdint>
#include <vector>

#include "agent/enforcement_watch.h"
#include "agent/tasks/task_observer.h"
#include "exporters/prometheus/agent_metrics.h"

namespace reeve {

// Counts what happens to tasks in the agent's own metrics, and has enforcement
// looked at where that says it may have changed. Thread-safe.
class MetricsObserver final : public TaskObserver {
 public:
  // Both must outlive the observer.
  MetricsObserver(AgentMetrics& metrics, EnforcementWatch& watch)
      : metrics_(metrics), watch_(watch) {}

  void OnLaunch(const absl::Status& status, absl::Duration duration) override;
  void OnLaunchPhases(const std::vector<LaunchPhase>& phases) override;
  void OnExit(const ExitStatus& exit) override;
  void OnOomKills(uint64_t count) override;
  void OnUpdate(const ResourceLimits& limits, const absl::Status& status,
                absl::Duration duration) override;
  void OnCgroupLeaked(const absl::Status& status) override;
  void OnEvent(const TaskEvent& event) override;

 private:
  AgentMetrics& metrics_;
  EnforcementWatch& watch_;
};

}  // namespace reeve

#endif  // REEVE_AGENT_METRICS_OBSERVER_H_
