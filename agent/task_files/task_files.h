#ifndef REEVE_AGENT_TASK_FILES_TASK_FILES_H_
#define REEVE_AGENT_TASK_FILES_TASK_FILES_H_

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "agent/spec/spec_directory.h"
#include "agent/task_files/api_task_host.h"
#include "agent/task_files/directory_watch.h"
#include "agent/task_files/reconciler.h"
#include "agent/task_files/task_files_observer.h"
#include "agent/task_files/task_files_options.h"
#include "base/clock.h"

namespace reeve {

// Keeps the tasks of an agent as the files of a directory say, on a thread of
// its own, from the moment it is made until it is destroyed. Tasks outlive it.
// While the directory or the env file cannot be read, all goes on as it is.
class TaskFiles {
 public:
  // Whether the directory and the env file can be used: for a start that is to
  // be refused if not.
  static absl::Status Check(const TaskFilesOptions& options);

  // Calls the agent by `stub`. `state_dir` is the agent's, and has what was
  // done before. The others must outlive this.
  TaskFiles(TaskFilesOptions options, const std::string& state_dir,
            std::unique_ptr<v1::TaskService::StubInterface> stub,
            TaskFilesObserver& observer, const Clock& clock);
  ~TaskFiles();
  TaskFiles(const TaskFiles&) = delete;
  TaskFiles& operator=(const TaskFiles&) = delete;

 private:
  void Run();
  absl::Status Look();
  absl::StatusOr<std::vector<SpecFile>> Load();
  // Whether what the file holds may be half of what it is to be.
  bool IsUnsettled(const std::string& name, const SpecFile& file);

  const TaskFilesOptions options_;
  const std::string directory_;
  const std::unique_ptr<v1::TaskService::StubInterface> stub_;
  TaskFilesObserver& observer_;
  const Clock& clock_;
  ApiTaskHost host_;
  Reconciler reconciler_;
  DirectoryWatch watch_;
  // Of the thread.
  bool is_watching_ = false;
  bool has_unsettled_ = false;
  // What each file was when it was last whole, by name.
  std::map<std::string, SpecFile> whole_;
  // Since when a file has not been.
  std::map<std::string, absl::Duration> unsettled_since_;

  std::atomic<bool> is_stopping_{false};
  std::thread thread_;
};

}  // namespace reeve

#endif  // REEVE_AGENT_TASK_FILES_TASK_FILES_H_
