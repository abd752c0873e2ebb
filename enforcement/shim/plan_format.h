#ifndef REEVE_ENFORCEMENT_SHIM_PLAN_FORMAT_H_
#define REEVE_ENFORCEMENT_SHIM_PLAN_FORMAT_H_

#include <cstdint>

namespace reeve {

// What the agent tells reeve-shim to do: one file, written whole before the
// shim starts and passed as a descriptor whose number is the shim's argument.
//
//   PlanHeader
//   PlanRlimit    rlimits[rlimit_count]
//   PlanRootStep  root_steps[root_step_count]
//   uint64_t      filter[filter_count]      sock_filter of linux/filter.h
//   int32_t       tasks_fds[tasks_fd_count]
//   uint32_t      groups[group_count]
//   char          strings[]   each ended by NUL: working directory, host name,
//                             label, uid map, gid map, program_count programs,
//                             arg_count arguments, env_count variables, and of
//                             each root step its target and its text
//
// Byte order and alignment are the machine's: agent and shim are of one build.
// Descriptors are numbers in the shim's table; kNoFd is none.

constexpr uint32_t kPlanMagic = 0x65766572;
// Counts up with every change of the layout.
constexpr uint32_t kPlanVersion = 7;
constexpr int32_t kNoFd = -1;

// As setrlimit(2) takes it.
struct PlanRlimit {
  int32_t resource;
  int32_t reserved;
  uint64_t soft;
  uint64_t hard;
};

// What is to be made in the root of a task, one after the other.
enum class RootStepKind : uint32_t {
  kMountTree = 1,        // Attach the mounts of `fd`, which the agent made.
  kMountFilesystem = 2,  // Text: "TYPE[,OPTION[=VALUE]]...".
  kDevice = 3,           // mknod(2).
  kSymlink = 4,          // Text: what it says. Nothing if there is something.
  kDirectory = 5,        // With those above it. Nothing if there is one.
  kMask = 6,             // Nothing can be read there. Nothing if none is there.
  kReadOnly = 7,         // Nothing can be changed there; the same.
  kLandlockRule = 8,     // Allow it in the ruleset of the plan.
};

constexpr uint32_t kTargetIsFile = 1;
// The target is not to be one, and on the way to it there are none.
constexpr uint32_t kTargetWithoutSymlinks = 2;

struct PlanRootStep {
  RootStepKind kind;
  // Of kMountTree, else kNoFd.
  int32_t fd;
  // kTargetIsFile and kTargetWithoutSymlinks.
  uint32_t target;
  // Of kMountFilesystem: MOUNT_ATTR_* of mount_setattr(2). Of kLandlockRule:
  // LANDLOCK_ACCESS_FS_* that can be allowed of what is no directory.
  uint32_t attributes;
  // Of kDevice: as mknod(2) takes them.
  uint32_t mode;
  // Who gets what kDevice and kDirectory make.
  uint32_t uid;
  uint32_t gid;
  uint32_t reserved;
  // Of kLandlockRule: LANDLOCK_ACCESS_FS_* to allow.
  uint64_t device;
};

enum class RootKind : uint32_t {
  kInherited = 0,  // That of whoever starts the task: no mount namespace.
  kHost = 1,       // The same, seen from a mount namespace of its own.
  kPivot = 2,      // root_fd, by pivot_root(2).
  kChroot = 3,     // root_fd, by chroot(2).
};

// Capabilities of the task's process, a bit each.
struct PlanCapabilities {
  uint64_t bounding;
  uint64_t effective;  // And permitted.
  uint64_t inheritable;
  uint64_t ambient;
};

// The file system, namespaces and privileges of a task that has its own.
struct PlanIsolation {
  RootKind root_kind = RootKind::kInherited;
  // Detached mounts, as open_tree(2) makes them.
  int32_t root_fd = kNoFd;
  uint32_t root_is_read_only = 0;
  // CLONE_NEW*, made with the process; but CLONE_NEWCGROUP, which is made when
  // the process is in its cgroups.
  uint32_t new_namespaces = 0;
  // A process of reeve's is the first of the new pid namespace.
  uint32_t has_init = 0;
  // A network namespace to join, or kNoFd.
  int32_t network_fd = kNoFd;
  // Of a further command: a pidfd of the task, which of its namespaces to join,
  // and its root directory.
  int32_t join_fd = kNoFd;
  uint32_t join_namespaces = 0;
  int32_t join_root_fd = kNoFd;

  uint32_t has_session_keyring = 0;
  uint32_t has_capabilities = 0;
  uint32_t has_no_new_privileges = 0;
  // Of seccomp(2).
  uint32_t filter_flags = 0;
  uint32_t reserved = 0;
  PlanCapabilities capabilities = {};
};

// A file that the shim appends a stream of the task to.
struct PlanLog {
  // Open for appending; kNoFd: there is no such file.
  int32_t file_fd = kNoFd;
  // The directory that holds it.
  int32_t dir_fd = kNoFd;
  // A file that would become larger becomes NAME.1; 0 is no limit.
  uint64_t max_size = 0;
  // How many there may be, the current one too; at least 1.
  uint32_t max_files = 1;
  // Room for a suffix is left: see kMaxLogNameSize. Ended by NUL.
  char name[256] = {};
};

// Of a log's name, without the NUL: ".99" still makes a file's name of it.
constexpr uint32_t kMaxLogNameSize = 252;

// Standard streams that pass through the shim.
struct PlanRelay {
  uint32_t is_used = 0;
  // The shim's end of the task's standard input; of a terminal, its master.
  int32_t input_fd = kNoFd;
  // Of its standard output and error; with a terminal the first is all.
  int32_t output_fds[2] = {kNoFd, kNoFd};
  // Kept open while the task runs: a terminal without anybody hangs up.
  int32_t terminal_fd = kNoFd;
  // A listening socket of enforcement/shim/attach_message.h.
  int32_t attach_fd = kNoFd;
  // Streams of who is attached from the beginning, or kNoFd.
  int32_t client_fds[3] = {kNoFd, kNoFd, kNoFd};
  // Whether the end of that client's input is the end of the task's.
  uint32_t client_closes_input = 0;
  // Both outputs go to the first log.
  uint32_t has_one_log = 0;
  uint32_t reserved = 0;
  PlanLog logs[2];
};

struct PlanHeader {
  uint32_t magic;
  uint32_t version;
  // Of the whole plan, in bytes.
  uint64_t size;

  // Write end of the pipe for the one StartReport.
  int32_t status_fd;
  int32_t state_dir_fd;
  int32_t stdin_fd;
  int32_t stdout_fd;
  int32_t stderr_fd;
  // CgroupEntry of the task: see enforcement/cgroup.
  int32_t cgroup_dir_fd;
  int32_t kill_fd;
  int32_t procs_fd;
  int32_t freeze_fd;
  // Whether freeze_fd is freezer.state of v1, not cgroup.freeze.
  uint32_t freeze_is_v1;

  // Whether stdin_fd is a terminal, to become the controlling one.
  uint32_t controlling_tty;
  // Whether this is one more command in a running task: it has no state
  // directory, an ExitReport follows on status_fd when it ends, and what it
  // leaves behind goes on.
  uint32_t report_exit;
  // Read end of a pipe: when nobody can write to it any more, what was started
  // is killed. kNoFd if it is tied to nobody.
  int32_t tether_fd;
  // A Landlock ruleset for the task, which gains no privileges by execve(2)
  // then; kNoFd if it has none.
  int32_t landlock_fd;
  PlanRelay relay;
  PlanIsolation isolation;

  // Whether the task lasts until its last process ends, not its main one.
  uint32_t lasts_with_cgroup;

  uint32_t has_credentials;
  uint32_t uid;
  uint32_t gid;
  uint32_t umask;
  // -20 to 19, of the task; the shim keeps the agent's.
  int32_t nice;

  // Where there is none, the score is 0 if that is permitted.
  uint32_t has_oom_score_adj;
  int32_t oom_score_adj;

  uint32_t has_policy;
  // SCHED_OTHER and so on, and what goes with it.
  int32_t policy;
  int32_t policy_priority;

  uint32_t rlimit_count;
  uint32_t tasks_fd_count;
  uint32_t group_count;
  // At least one: where the program may be, absolute paths.
  uint32_t program_count;
  // At least one: the first is the path of the program that is found.
  uint32_t arg_count;
  uint32_t env_count;
  uint32_t root_step_count;
  uint32_t filter_count;
};

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SHIM_PLAN_FORMAT_H_
