#ifndef REEVE_ENFORCEMENT_CGROUP_TASK_CGROUP_H_
#define REEVE_ENFORCEMENT_CGROUP_TASK_CGROUP_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/cpu_list.h"
#include "base/unique_fd.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "collectors/task_target.h"
#include "enforcement/cgroup/cgroup_controller.h"
#include "enforcement/cgroup/cpu_weight.h"
#include "enforcement/cgroup/kill_cgroup.h"
#include "enforcement/cgroup/limit_setting.h"
#include "enforcement/cgroup/limit_update.h"
#include "enforcement/cgroup/memory_decrease.h"
#include "enforcement/cgroup/parent_offer.h"
#include "enforcement/cgroup/process_homes.h"
#include "enforcement/spec/device_access.h"
#include "enforcement/spec/resource_limits.h"

namespace reeve {

// What a child needs to enter a cgroup before its first instruction.
struct CgroupEntry {
  // Directory of the v2 cgroup for clone3(CLONE_INTO_CGROUP); none on pure v1
  // and after EnterByWriting().
  UniqueFd into_cgroup;
  // v1 `tasks` files, or cgroup.procs, open for writing: the child writes "0"
  // to each.
  std::vector<UniqueFd> tasks_files;
  // How many of them are of v1 hierarchies.
  size_t v1_count = 0;
  // Write "1" to end all processes of the cgroup: cgroup.kill, v2 since 5.14.
  UniqueFd kill_file;
  // cgroup.procs to read: who is left.
  UniqueFd procs_file;
  // Where cgroup.kill is missing: freezer.state (v1) or cgroup.freeze (v2), to
  // hold the processes still while they are killed one by one.
  UniqueFd freeze_file;
  FreezeFile freeze_file_kind = FreezeFile::kNone;
};

// The cgroup of one task over all hierarchies, with its limits; or that of a
// group, whose id is that of GroupCgroupName(). Owns the
// directories from Create() or Open() until Remove(); the destructor removes
// nothing. Thread-safe; updates are serialized.
class TaskCgroup {
  class Impl;

 public:
  // Makes PARENT/ID with those of `limits` set and read back that a cgroup
  // keeps, shares by `mapping` where cpu is on v2. The task has those
  // controllers that the parent offers (see parent_offer.h): kUnavailable for a
  // limit of another, kPermissionDenied if no cgroup can be made there at all.
  // After an error nothing is left. Reserved CPUs are only held against what is
  // offered: Update() gives them, once somebody who knows all tasks has chosen
  // them. `controller` must outlive the result.
  static absl::StatusOr<std::unique_ptr<TaskCgroup>> Create(
      CgroupController& controller, const CgroupMounts& mounts,
      const std::string& parent, const std::string& id,
      const ResourceLimits& limits,
      CpuWeightMapping mapping = CpuWeightMapping::kLinear);
  // The same with the offer of `parent` as it is now, from OfferTo().
  static absl::StatusOr<std::unique_ptr<TaskCgroup>> Create(
      CgroupController& controller, const ParentOffer& offer,
      const std::string& parent, const std::string& id,
      const ResourceLimits& limits, CpuWeightMapping mapping);

  // What Create() would refuse `limits` for before it makes anything.
  static absl::Status CheckLimits(const CgroupMounts& mounts,
                                  const std::string& parent,
                                  const ResourceLimits& limits);

  // Takes over a cgroup that is there already. kNotFound if it is gone.
  static absl::StatusOr<std::unique_ptr<TaskCgroup>> Open(
      CgroupController& controller, const CgroupMounts& mounts,
      const std::string& parent, const std::string& id,
      CpuWeightMapping mapping = CpuWeightMapping::kLinear);
  // The same for one of many: `offer` is that of `parent`, from OfferTo().
  static absl::StatusOr<std::unique_ptr<TaskCgroup>> Open(
      CgroupController& controller, const CgroupMounts& mounts,
      const ParentOffer& offer, const std::string& parent,
      const std::string& id, CpuWeightMapping mapping);
  static ParentOffer OfferTo(const CgroupMounts& mounts,
                             const std::string& parent);

  // Only Create() and Open() have what it takes.
  explicit TaskCgroup(std::unique_ptr<Impl> impl);
  ~TaskCgroup();
  TaskCgroup(const TaskCgroup&) = delete;
  TaskCgroup& operator=(const TaskCgroup&) = delete;

  // "/reeve/web".
  const std::string& path() const;
  // Also those that updates have added.
  CgroupDirs dirs() const;

  // Whoever enters from now on does so by a write, which takes longer: newer
  // kernels (seen on 6.18) kill at once what is cloned into a cgroup in which
  // cgroup.kill was ever used.
  void EnterByWriting();

  // Lets its processes use the devices that `allowed` says and no others, and
  // of these what the parent may use: by the v1 devices controller, or else by
  // a BPF program on v2. To be called before OpenEntry(), and again to allow
  // others. Holds for cgroups below, until Remove(). kUnavailable,
  // kUnimplemented or kPermissionDenied, saying what it takes, where neither
  // can be had. After an error what could be used can be.
  absl::Status RestrictDevices(const std::vector<DeviceAccess>& allowed);

  // Has those of `controllers` count here that are on v2, where they count
  // without a limit too, in as far as the parent offers them.
  absl::Status CountBy(const std::vector<std::string>& controllers);

  // Descriptors for one process to start in this cgroup, all close-on-exec.
  absl::StatusOr<CgroupEntry> OpenEntry() const;

  // After that start, by an entry with a v1_count of `entered`: takes the
  // process into the hierarchies that an update meanwhile has added.
  absl::Status FinishEntry(size_t entered);

  // Takes processes that run already, with all their threads: those that `list`
  // tells, which is asked again until all are in, since they fork meanwhile.
  // kNotFound if the list is empty at first; else the error says what the
  // kernel answered to whom, and some may have been taken: see PutBack().
  using ProcessList = std::function<absl::StatusOr<std::vector<pid_t>>()>;
  absl::Status Take(const ProcessList& list, ProcessHomes* homes);

  // Moves every process of the cgroup back to where it was, and those that were
  // not there to where `main` was.
  absl::Status PutBack(const ProcessHomes& homes, pid_t main) const;

  // Changes the limits that are named, those that processes keep on every
  // process: writes the files whose value differs, in
  // an order that is valid at every step, reads each back, and puts all back if
  // one fails. The error of a failed update names each key, what was wanted,
  // what the kernel said and what is in force. A limit of a controller that the
  // cgroup has not got (cpuset, io, hugetlb) adds it, and takes every process
  // of the task there. A memory limit below what is in use takes up to the
  // timeout of `decrease`: see memory_decrease.h. Which CPUs are
  // reserved is to be said in `cpuset_cpus`.
  absl::StatusOr<LimitUpdate> Update(
      const ResourceLimits& limits, const MemoryDecreaseOptions& decrease = {});

  // The task's processes began with those of `limits` that each of them keeps.
  void NoteLaunch(const ResourceLimits& limits);

  // Shows, of a cgroup that was taken over, what its task was asked to have:
  // where that is in force, and for what processes keep.
  void Recall(const ResourceLimits& asked);

  // Every limit file that was ever set here.
  std::vector<LimitSetting> Settings() const;

  // The limits in force, from the last read-back.
  LimitValues Limits() const;

  // The CPUs that the parent lets the cgroup have, now. kUnavailable, saying
  // why, if it cannot have a cpuset.
  absl::StatusOr<CpuList> AvailableCpus() const;

  // Kills that the kernel's out-of-memory killer made in this cgroup, read now.
  absl::StatusOr<uint64_t> OomKills() const;

  // Whether a process is left in the cgroup or below.
  absl::StatusOr<bool> Populated() const;

  // Holds every process of the cgroup still, and those below; see freezer.h for
  // the errors. What is frozen can still be killed, by Kill().
  absl::Status Freeze(absl::Duration timeout);

  // Lets them go on. OK if they do.
  absl::Status Thaw();

  // Whether the cgroup was told to freeze, by whomever.
  absl::StatusOr<bool> IsFrozen() const;

  // Whether a frozen process that is sent SIGKILL lives until Thaw(), as on v1.
  bool FreezingHoldsBackKills() const;

  // Ends every process of the cgroup, however it forks: cgroup.kill, or freeze,
  // SIGKILL and thaw, again until it is empty or `timeout` has passed
  // (kDeadlineExceeded).
  absl::Status Kill(absl::Duration timeout);

  // Removes the directories, trying again while the kernel says EBUSY for up to
  // `timeout`. The cgroup must have been emptied.
  absl::Status Remove(absl::Duration timeout);

  // Whether Remove() has been called: then nothing works any more.
  bool IsRemoved() const;

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_TASK_CGROUP_H_
