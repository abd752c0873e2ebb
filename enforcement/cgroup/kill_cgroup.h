#ifndef REEVE_ENFORCEMENT_CGROUP_KILL_CGROUP_H_
#define REEVE_ENFORCEMENT_CGROUP_KILL_CGROUP_H_

namespace reeve {

// Ends the processes of one cgroup by raw descriptors. Plain C++ without
// allocation, Abseil or the standard library: the task's shim uses it too. No
// errno is set on success; every function returns 0 or an errno value. The
// caller must be outside the cgroup. Thread-safe for different cgroups.

// How a cgroup can be frozen while its processes are listed and killed.
enum class FreezeFile {
  kNone,
  kFreezerState,  // v1: freezer.state, FROZEN and THAWED.
  kCgroupFreeze,  // v2: cgroup.freeze, 1 and 0.
};

// Sends SIGKILL to every process of the cgroup, once.
//
// With `kill_fd` (cgroup.kill, for writing; v2 since 5.14) the kernel does it
// in one step, below the cgroup too, and no fork escapes. -1 if there is none.
//
// Otherwise: freeze by `freeze_fd` (open for reading and writing), SIGKILL to
// every process in `procs_fd` (cgroup.procs, for reading), and thaw, always. A
// process that was being forked meanwhile may be missed, so call again until
// CgroupHasProcesses() says no. Children of the cgroup are not looked into.
//
// A process killed is dead a moment later, not at the return.
int KillCgroupOnce(int kill_fd, int procs_fd, int freeze_fd,
                   FreezeFile freeze_file);

// Sets *has_processes to whether `procs_fd` (cgroup.procs, for reading) lists a
// process. Zombies do not count. ENODEV if the cgroup was removed.
int CgroupHasProcesses(int procs_fd, bool* has_processes);

// KillCgroupOnce() again and again, with growing pauses of 0.2 to 13 ms, until
// the cgroup has no process. ETIMEDOUT after `timeout_ms`.
int KillCgroupUntilEmpty(int kill_fd, int procs_fd, int freeze_fd,
                         FreezeFile freeze_file, long timeout_ms);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_KILL_CGROUP_H_
