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
#include "enforcement/spec/resource_limits.h"

namespace reeve {

// The limits of one cgroup, changed and remembered. Thread-safe; updates are
// serialized.
class TaskLimits {
 public:
  // `files` must outlive the limits, and nobody else may write to them.
  TaskLimits(LimitFiles& files, const LimitVersions& versions)
      : files_(files), versions_(versions) {}

  // Takes what is in force for what was set: for a cgroup that is there
  // already.
  absl::Status Adopt();

  // All of `limits` or none. Returns the files written.
  absl::StatusOr<std::vector<LimitSetting>> Update(
      const ResourceLimits& limits);

  // Every file that was ever set.
  std::vector<LimitSetting> Settings() const;

  // The limits in force, from the last read-back.
  LimitValues Values() const;

 private:
  void Note(LimitSetting setting) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ReadBack() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable absl::Mutex mutex_;
  LimitFiles& files_ ABSL_GUARDED_BY(mutex_);
  const LimitVersions versions_;
  std::vector<LimitSetting> settings_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_TASK_LIMITS_H_
