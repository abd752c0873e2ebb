#ifndef REEVE_AGENT_TASK_FILES_REPORT_H_
#define REEVE_AGENT_TASK_FILES_REPORT_H_

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "agent/task_files/task_files_observer.h"
#include "agent/tasks/task_observer.h"
#include "exporters/prometheus/agent_metrics.h"

namespace reeve {

// Tells log, events and metrics of what is done about the directory of specs.
// Thread-compatible.
class TaskFilesReport final : public TaskFilesObserver {
 public:
  // Whether the task of an id has failed, of those that task files have made.
  // Thread-safe.
  using FailureQuestion = std::function<bool(const std::string& id)>;

  // Both must outlive this.
  TaskFilesReport(TaskObserver& events, AgentMetrics& metrics,
                  FailureQuestion has_failed)
      : events_(events),
        metrics_(metrics),
        has_failed_(std::move(has_failed)) {}

  void OnApplied(const ApplyStep& step) override;
  void OnFailed(const ApplyStep& step) override;
  void OnFiles(const std::vector<TaskFileState>& files) override;
  void OnLook(const absl::Status& status) override;

 private:
  TaskObserver& events_;
  AgentMetrics& metrics_;
  const FailureQuestion has_failed_;
  std::vector<TaskFile> files_;
  absl::Status look_;
};

}  // namespace reeve

#endif  // REEVE_AGENT_TASK_FILES_REPORT_H_
