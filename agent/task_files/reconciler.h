#ifndef REEVE_AGENT_TASK_FILES_RECONCILER_H_
#define REEVE_AGENT_TASK_FILES_RECONCILER_H_

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "agent/spec/spec_directory.h"
#include "agent/task_files/apply_planner.h"
#include "agent/task_files/task_files_observer.h"
#include "agent/task_files/task_host.h"
#include "base/clock.h"

namespace reeve {

// Makes the tasks of an agent those that the files of a directory describe. A
// file acts when what it says changes, and when it is first seen: a task that
// ends, is stopped or updated by hand afterwards stays so. Thread-compatible.
class Reconciler {
 public:
  static constexpr char kOriginPrefix[] = "tasks-dir:";

  // `directory` is absolute and ends with no slash. The others must outlive
  // this.
  Reconciler(std::string directory, TaskHost& host, TaskFilesObserver& observer,
             const Clock& clock);

  // Does what has to be done about `files`, all of the directory. What failed
  // is tried again by later calls: a launch, an update or a stop less and less
  // often. An error is one of the host as a whole; nothing was done then.
  absl::Status Reconcile(const std::vector<SpecFile>& files);

 private:
  struct State {
    // What was last tried; its text tells it from others.
    std::string fingerprint;
    // Of the task that it was last applied to.
    std::string id;
    std::string failure;
    absl::Status status;
    // In a row, of what was tried.
    int failures = 0;
    absl::Duration retry_at;
  };

  bool IsSettled(const SpecFile& file, absl::Duration now) const;
  ApplyHistory History(const std::vector<SpecFile>& files,
                       absl::Duration now) const;
  void Note(const ApplyStep& step, absl::Duration now);
  void NoteFile(const ApplyStep& step, absl::Duration now);
  // Drops the states of files that are not there. Whether there were any.
  bool Forget(const std::vector<SpecFile>& files);
  void TellFiles() const;

  const ApplyRules rules_;
  TaskHost& host_;
  TaskFilesObserver& observer_;
  const Clock& clock_;
  // No task is left that is to be stopped.
  bool is_complete_ = false;
  // By path.
  std::map<std::string, State> states_;
  // Errors of tasks that were to be stopped, by id: of this round and of the
  // one before.
  std::map<std::string, absl::Status> failed_stops_;
  std::map<std::string, absl::Status> stops_before_;
};

}  // namespace reeve

#endif  // REEVE_AGENT_TASK_FILES_RECONCILER_H_
