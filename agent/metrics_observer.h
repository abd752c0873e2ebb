#ifndef REEVE_AGENT_METRICS_OBSERVER_H_
#define REEVE_AGENT_METRICS_OBSERVER_H_

#include "agent/tasks/task_observer.h"
#include "exporters/prometheus/agent_metrics.h"

namespace reeve {

// Counts what happens to tasks in the agent's own metrics. Thread-safe.
class MetricsObserver final : public TaskObserver {
 public:
  // `metrics` must outlive the observer.
  explicit MetricsObserver(AgentMetrics& metrics) : metrics_(metrics) {}

  void OnLaunch(const absl::Status& status, absl::Duration duration) override;
  void OnExit(const ExitStatus& exit, uint64_t oom_kills) override;
  void OnUpdate(const ResourceLimits& limits, const absl::Status& status,
                absl::Duration duration) override;
  void OnCgroupLeaked(const absl::Status& status) override;

 private:
  AgentMetrics& metrics_;
};

}  // namespace reeve

#endif  // REEVE_AGENT_METRICS_OBSERVER_H_
