#ifndef REEVE_ENFORCEMENT_LAUNCH_LAUNCH_REQUEST_H_
#define REEVE_ENFORCEMENT_LAUNCH_LAUNCH_REQUEST_H_

#include <sys/resource.h>
#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "base/unique_fd.h"
#include "collectors/snapshot.h"
#include "enforcement/cgroup/task_cgroup.h"
#include "enforcement/spec/task_spec.h"

namespace reeve {

// Who a task runs as, looked up before the launch.
struct Credentials {
  uid_t uid = 0;
  gid_t gid = 0;
  // Exactly the supplementary groups of the task; never a stray 0.
  std::vector<gid_t> groups;
  // From the user database; empty for a uid without an entry.
  std::string name;
  std::string home;
};

// All that is needed to start a task, with everything resolved: nothing of it
// is looked up again later.
struct LaunchRequest {
  // Absolute path of the program; argv[0] of the task too.
  std::string program;
  std::vector<std::string> args;  // Without argv[0].
  std::vector<std::string> env;
  std::string cwd;
  // nullopt: stay the agent's user.
  std::optional<Credentials> credentials;
  ExitType exit_type = ExitType::kMain;
  // Soft and hard RLIMIT_NOFILE for the task: the agent raises its own.
  std::optional<rlimit> nofile;
  // nice(2) value of the task: the agent raises its own.
  int nice = 0;
  UniqueFd stdin_fd;
  UniqueFd stdout_fd;
  UniqueFd stderr_fd;
  CgroupEntry cgroup;
  // The task's state directory, where the shim keeps pid, starttime,
  // exitStatus, exit, control and shim.log.
  UniqueFd state_dir;
};

// A task that runs.
struct LaunchedTask {
  ProcessIdentity process;
  ProcessIdentity shim;
  // Read end of the `exit` fifo: it hangs up when the shim is gone, after the
  // exit status was written.
  UniqueFd exit_fifo;
};

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_LAUNCH_LAUNCH_REQUEST_H_
