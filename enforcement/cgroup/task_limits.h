#ifndef REEVE_ENFORCEMENT_CGROUP_TASK_LIMITS_H_
#define REEVE_ENFORCEMENT_CGROUP_TASK_LIMITS_H_

#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "collectors/task_target.h"
#include "enforcement/cgroup/limit_files.h"
#include "enforcement/cgroup/limit_plan.h"
#include "enforcement/cgroup/limit_setting.h"
#include "enforcement/cgroup/limit_update.h"
#include "enforcement/cgroup/memory_decrease.h"
#include "enforcement/spec/resource_limits.h"

namespace reeve {

// The limits of one cgroup, changed and remembered. Thread-safe; updates are
// serialized, and who asks what is in force does not wait for them.
class TaskLimits {
 public:
  // `files` must outlive the limits, and nobody else may write to them.
  TaskLimits(LimitFiles& files, const LimitVersions& versions)
      : files_(files), versions_(versions) {}

  // Takes what is in force for what was set: for a cgroup that is there
  // already.
  absl::Status Adopt();

  // Shows what was asked for before this process began, where that is what is
  // in force: after Adopt(). A limit that processes keep is always shown so.
  void Recall(const ResourceLimits& asked);

  // The task's processes began with those of `limits` that processes keep.
  void NoteLaunch(const ResourceLimits& limits);

  // All of `limits` or none, as UpdateLimits() does it.
  absl::StatusOr<LimitUpdate> Update(const ResourceLimits& limits,
                                     const MemoryDecreaseOptions* decrease);

  // Every file that was ever set.
  std::vector<LimitSetting> Settings() const;

  // The limits in force, from the last read-back.
  LimitValues Values() const;

 private:
  void NoteAll(const std::vector<LimitSetting>& settings)
      ABSL_LOCKS_EXCLUDED(mutex_);
  void Note(LimitSetting setting) ABSL_LOCKS_EXCLUDED(mutex_);
  void ReadBack() ABSL_EXCLUSIVE_LOCKS_REQUIRED(updating_);
  absl::StatusOr<LimitTexts> ReadTexts(const std::vector<LimitFile>& wanted)
      const ABSL_EXCLUSIVE_LOCKS_REQUIRED(updating_);
  void RecallCgroup(const ResourceLimits& asked)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(updating_);
  std::vector<LimitSetting> ProcessSettings(const ResourceLimits& limits) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(updating_);
  bool IsKnown(const LimitSetting& setting) const ABSL_LOCKS_EXCLUDED(mutex_);

  // Held during an update, which takes seconds if memory is to be taken back.
  absl::Mutex updating_ ABSL_ACQUIRED_BEFORE(mutex_);
  LimitFiles& files_ ABSL_GUARDED_BY(updating_);
  mutable absl::Mutex mutex_;
  const LimitVersions versions_;
  std::vector<LimitSetting> settings_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_TASK_LIMITS_H_
