#ifndef REEVE_ENFORCEMENT_SHIM_PLAN_FORMAT_H_
#define REEVE_ENFORCEMENT_SHIM_PLAN_FORMAT_H_

#include <cstdint>

namespace reeve {

// What the agent tells reeve-shim to do: one file, written whole before the
// shim starts and passed as a descriptor whose number is the shim's argument.
//
//   PlanHeader
//   int32_t   tasks_fds[tasks_fd_count]
//   uint32_t  groups[group_count]
//   char      strings[]   each ended by NUL: working directory,
//                         arg_count arguments, env_count variables
//
// Byte order and alignment are the machine's: agent and shim are of one build.
// Descriptors are numbers in the shim's table; kNoFd is none.

constexpr uint32_t kPlanMagic = 0x65766572;
// Counts up with every change of the layout.
constexpr uint32_t kPlanVersion = 2;
constexpr int32_t kNoFd = -1;

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

  // Whether the task lasts until its last process ends, not its main one.
  uint32_t lasts_with_cgroup;

  uint32_t has_credentials;
  uint32_t uid;
  uint32_t gid;
  uint32_t umask;
  // -20 to 19, of the task; the shim keeps the agent's.
  int32_t nice;

  uint32_t has_nofile;
  uint64_t nofile_soft;
  uint64_t nofile_hard;

  uint32_t tasks_fd_count;
  uint32_t group_count;
  // At least one: the program, an absolute path.
  uint32_t arg_count;
  uint32_t env_count;
};

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SHIM_PLAN_FORMAT_H_
