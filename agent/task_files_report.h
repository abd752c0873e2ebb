#ifndef REEVE_AGENT_TASK_FILES_REPORT_H_
#define REEVE_AGENT_TASK_FILES_REPORT_H_

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
  // Both must outlive this.
  TaskFilesReport(TaskObserver& events, AgentMetrics& metrics)
      : events_(events), metrics_(metrics) {}

  void OnApplied(const ApplyStep& step) override;
  void OnFailed(const ApplyStep& step) override;
  void OnFiles(const std::vector<TaskFileState>& files) override;
  void OnLook(const absl::Status& status) override;

 private:
  TaskObserver& events_;
  AgentMetrics& metrics_;
  std::vector<TaskFile> files_;
  absl::Status look_;
};

}  // namespace reeve

#endif  // REEVE_AGENT_TASK_FILES_REPORT_H_
