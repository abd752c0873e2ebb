#ifndef REEVE_AGENT_TASKS_TASK_OBSERVERS_H_
#define REEVE_AGENT_TASKS_TASK_OBSERVERS_H_

#include <utility>
#include <vector>

#include "agent/tasks/task_observer.h"

namespace reeve {

// Several observers as one, told in their order. Thread-safe.
class TaskObservers final : public TaskObserver {
 public:
  // All must outlive this.
  explicit TaskObservers(std::vector<TaskObserver*> observers)
      : observers_(std::move(observers)) {}

  void OnLaunch(const absl::Status& status, absl::Duration duration) override {
    for (TaskObserver* const each : observers_) {
      each->OnLaunch(status, duration);
    }
  }
  void OnLaunchPhases(const std::vector<LaunchPhase>& phases) override {
    for (TaskObserver* const each : observers_) each->OnLaunchPhases(phases);
  }
  void OnExit(const ExitStatus& exit) override {
    for (TaskObserver* const each : observers_) each->OnExit(exit);
  }
  void OnOomKills(uint64_t count) override {
    for (TaskObserver* const each : observers_) each->OnOomKills(count);
  }
  void OnUpdate(const ResourceLimits& limits, const absl::Status& status,
                absl::Duration duration) override {
    for (TaskObserver* const each : observers_) {
      each->OnUpdate(limits, status, duration);
    }
  }
  void OnCgroupLeaked(const absl::Status& status) override {
    for (TaskObserver* const each : observers_) each->OnCgroupLeaked(status);
  }
  void OnEvent(const TaskEvent& event) override {
    for (TaskObserver* const each : observers_) each->OnEvent(event);
  }

 private:
  const std::vector<TaskObserver*> observers_;
};

}  // namespace reeve

#endif  // REEVE_AGENT_TASKS_TASK_OBSERVERS_H_
