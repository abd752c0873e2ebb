#ifndef REEVE_AGENT_TASK_FILES_RECONCILER_H_
#define REEVE_AGENT_TASK_FILES_RECONCILER_H_

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "agent/spec/spec_directory.h"
#include "agent/state/applied_files.h"
#include "agent/task_files/apply_planner.h"
#include "agent/task_files/task_files_observer.h"
#include "agent/task_files/task_host.h"
#include "base/clock.h"

namespace reeve {

// Makes the tasks of an agent those that the files of a directory describe. A
// file acts when what it says changes, and when it is first seen since the
// machine booted: a task that ends, is stopped or updated by hand afterwards
// stays so. What was done is kept on disk, before a task is touched and after,
// so that the next agent finishes what this one leaves. Thread-compatible.
class Reconciler {
 public:
  static constexpr char kOriginPrefix[] = "tasks-dir:";

  // `directory` is absolute and ends with no slash. The others must outlive
  // this. Goes on from what `store` has; where it cannot be written, that is
  // logged, and a later agent looks at all files anew.
  Reconciler(const std::string& directory, AppliedFilesStore store,
             TaskHost& host, TaskFilesObserver& observer, const Clock& clock);

  // Does what has to be done about `files`, all of the directory. What failed
  // is tried again by later calls: a launch, an update or a stop less and less
  // often. An error is one of the host as a whole; nothing was done then.
  absl::Status Reconcile(const std::vector<SpecFile>& files);

 private:
  struct State {
    // What was last tried; its digest tells it from others.
    std::string fingerprint;
    // That is in force, and nothing is under way.
    bool is_applied = false;
    // Of the task that it was last applied to.
    std::string id;
    std::string failure;
    absl::Status status;
    // In a row, of what was tried.
    int failures = 0;
    absl::Duration retry_at;
  };

  // From and to the disk.
  void Recall();
  void Keep();

  bool IsSettled(const SpecFile& file, absl::Duration now) const;
  ApplyHistory History(const std::vector<SpecFile>& files,
                       absl::Duration now) const;
  void Note(const ApplyStep& step, absl::Duration now);
  void NoteFile(const ApplyStep& step, absl::Duration now);
  // Files that have another name now and say the same have been applied.
  // Whether there were any.
  bool FollowRenames(const std::vector<SpecFile>& files);
  // Drops the states of files that are not there. Whether there were any.
  bool Forget(const std::vector<SpecFile>& files);
  // Drops what is known of tasks that are not there.
  void ForgetGone(const std::vector<KnownTask>& tasks);
  // Has it on disk that these steps are under way.
  void Begin(const std::vector<ApplyStep>& steps);
  void TellFiles() const;

  const ApplyRules rules_;
  const AppliedFilesStore store_;
  TaskHost& host_;
  TaskFilesObserver& observer_;
  const Clock& clock_;
  // No task is left that is to be stopped.
  bool is_complete_ = false;
  // By path.
  std::map<std::string, State> states_;
  // The files of tasks that are there although their file has gone, by id.
  std::map<std::string, std::string> removed_;
  // Ids of tasks whose stop has begun and has not succeeded.
  std::set<std::string> stopping_;
  // What is on disk.
  AppliedFiles kept_;
  absl::Status keep_status_;
  // Errors of tasks that were to be stopped, by id: of this round and of the
  // one before.
  std::map<std::string, absl::Status> failed_stops_;
  std::map<std::string, absl::Status> stops_before_;
};

}  // namespace reeve

#endif  // REEVE_AGENT_TASK_FILES_RECONCILER_H_
