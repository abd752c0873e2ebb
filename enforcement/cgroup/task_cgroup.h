#ifndef REEVE_ENFORCEMENT_CGROUP_TASK_CGROUP_H_
#define REEVE_ENFORCEMENT_CGROUP_TASK_CGROUP_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/unique_fd.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "collectors/task_target.h"
#include "enforcement/cgroup/cgroup_controller.h"
#include "enforcement/cgroup/cpu_weight.h"
#include "enforcement/cgroup/kill_cgroup.h"
#include "enforcement/cgroup/limit_setting.h"
#include "enforcement/spec/resource_limits.h"

namespace reeve {

// What a child needs to enter a cgroup before its first instruction.
struct CgroupEntry {
  // Directory of the v2 cgroup for clone3(CLONE_INTO_CGROUP); none on pure v1.
  UniqueFd into_cgroup;
  // v1 `tasks` files, open for writing: the child writes "0" to each.
  std::vector<UniqueFd> tasks_files;
  // Write "1" to end all processes of the cgroup: cgroup.kill, v2 since 5.14.
  UniqueFd kill_file;
  // cgroup.procs to read: who is left.
  UniqueFd procs_file;
  // Where cgroup.kill is missing: freezer.state (v1) or cgroup.freeze (v2), to
  // hold the processes still while they are killed one by one.
  UniqueFd freeze_file;
  FreezeFile freeze_file_kind = FreezeFile::kNone;
};

// The cgroup of one task over all hierarchies, with its limits. Owns the
// directories from Create() or Open() until Remove(); the destructor removes
// nothing. Thread-safe; updates are serialized.
class TaskCgroup {
  class Impl;

 public:
  // Makes PARENT/ID with `limits` set and read back, shares by `mapping` where
  // cpu is on v2. After an error nothing is left. `controller` must outlive the
  // result.
  static absl::StatusOr<std::unique_ptr<TaskCgroup>> Create(
      CgroupController& controller, const CgroupMounts& mounts,
      const std::string& parent, const std::string& id,
      const ResourceLimits& limits,
      CpuWeightMapping mapping = CpuWeightMapping::kLinear);

  // Takes over a cgroup that is there already. kNotFound if it is gone.
  static absl::StatusOr<std::unique_ptr<TaskCgroup>> Open(
      CgroupController& controller, const CgroupMounts& mounts,
      const std::string& parent, const std::string& id,
      CpuWeightMapping mapping = CpuWeightMapping::kLinear);

  // Only Create() and Open() have what it takes.
  explicit TaskCgroup(std::unique_ptr<Impl> impl);
  ~TaskCgroup();
  TaskCgroup(const TaskCgroup&) = delete;
  TaskCgroup& operator=(const TaskCgroup&) = delete;

  // "/reeve/web".
  const std::string& path() const;
  const CgroupDirs& dirs() const;

  // Descriptors for one launch into this cgroup, all close-on-exec.
  absl::StatusOr<CgroupEntry> OpenEntry() const;

  // Changes the limits that are named: writes the files whose value differs, in
  // an order that is valid at every step, reads each back, and puts all back if
  // one fails. Returns the files written. The error of a failed update names
  // each key, what was wanted, what the kernel said and what is in force.
  absl::StatusOr<std::vector<LimitSetting>> Update(
      const ResourceLimits& limits);

  // Every limit file that was ever set here.
  std::vector<LimitSetting> Settings() const;

  // The limits in force, from the last read-back.
  LimitValues Limits() const;

  // Kills that the kernel's out-of-memory killer made in this cgroup, read now.
  absl::StatusOr<uint64_t> OomKills() const;

  // Whether a process is left in the cgroup or below.
  absl::StatusOr<bool> Populated() const;

  // Ends every process of the cgroup, however it forks: cgroup.kill, or freeze,
  // SIGKILL and thaw, again until it is empty or `timeout` has passed
  // (kDeadlineExceeded).
  absl::Status Kill(absl::Duration timeout);

  // Removes the directories, trying again while the kernel says EBUSY for up to
  // `timeout`. The cgroup must have been emptied.
  absl::Status Remove(absl::Duration timeout);

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_TASK_CGROUP_H_
