#ifndef REEVE_AGENT_TASKS_GROUP_H_
#define REEVE_AGENT_TASKS_GROUP_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "agent/state/group_records.h"
#include "agent/state/memory_high_records.h"
#include "agent/tasks/task_observer.h"
#include "base/clock.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "collectors/sampler.h"
#include "enforcement/cgroup/cgroup_controller.h"
#include "enforcement/cgroup/cpu_weight.h"
#include "enforcement/cgroup/task_cgroup.h"
#include "enforcement/spec/resource_limits.h"

namespace reeve {

// One group of tasks: the cgroup that theirs are in, its limits, and its record
// on disk. It has a cgroup while it has members or limits, and ends with the
// last of them. Thread-safe.
class Group {
 public:
  // All must outlive the group.
  struct Parts {
    const Clock* clock;
    const CgroupMounts* mounts;
    CgroupController* controller;
    Sampler* sampler;
    const GroupRecords* records;
    const MemoryHighRecords* high_records;
    CpuWeightMapping cpu_weight_mapping = CpuWeightMapping::kLinear;
    TaskObserver* observer = nullptr;
  };

  // A group that has no cgroup yet. `parent` is that of tasks without a group.
  Group(const Parts& parts, std::string name, std::string parent);
  Group(const Group&) = delete;
  Group& operator=(const Group&) = delete;

  const std::string& name() const { return name_; }
  // "/reeve/@shop"; the parent of its tasks' cgroups.
  const std::string& path() const { return path_; }

  // Null if there is none.
  std::shared_ptr<TaskCgroup> cgroup() const;

  // Takes over what an earlier agent left: the limits of `record` are set again
  // if the cgroup has gone, or never got them. kInternal and the like if that
  // cannot be; then whoever joins is told.
  absl::Status Recover(const state::GroupRecord& record);

  // Makes a task a member, for which there is a cgroup then. After an error
  // nothing is left of a group that has neither members nor limits.
  absl::Status Join();
  // A member's cgroup is gone.
  void Leave();

  // Changes the limits that are named, all or none, and keeps them on disk.
  absl::StatusOr<LimitUpdate> Set(const ResourceLimits& limits,
                                  const MemoryDecreaseOptions& decrease = {});

  // Ends the group and its limits. kFailedPrecondition if it has members, or
  // another process has cgroups in it.
  absl::Status Remove();

  // Ends the group if it has neither members nor limits.
  void RemoveIfUnused();

  // It has ended, and does nothing any more: Join() and Set() are kAborted.
  bool has_ended() const;
  // It has members or limits.
  bool is_used() const;

 private:
  absl::Status HasEnded() const;
  // Makes the cgroup, or takes one over, without setting limits; measures it.
  absl::Status Make() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<std::unique_ptr<TaskCgroup>> CreateOrOpen() const;
  absl::StatusOr<std::unique_ptr<TaskCgroup>> Open() const;
  absl::Status Measure() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Makes it with the limits that it is to have.
  absl::Status MakeWithLimits() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Removes the cgroup after a last sample, or leaves it as it was.
  absl::Status Unmake() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void End() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Tell(EventType type, EventAttributes attributes = {}) const;
  void EndIfUnused() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status WriteRecord() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool IsUsed() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return members_ > 0 || !limits_.empty();
  }

  const Parts parts_;
  const std::string name_;
  const std::string parent_;
  const std::string path_;

  // Held while limits are changed, which may take its time. Taken before
  // mutex_.
  absl::Mutex setting_;

  mutable absl::Mutex mutex_;
  absl::Time made_at_ ABSL_GUARDED_BY(mutex_);
  int members_ ABSL_GUARDED_BY(mutex_) = 0;
  // Those that were set, and not taken back.
  ResourceLimits limits_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<TaskCgroup> cgroup_ ABSL_GUARDED_BY(mutex_);
  bool has_ended_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace reeve

#endif  // REEVE_AGENT_TASKS_GROUP_H_
