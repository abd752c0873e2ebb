#ifndef REEVE_ENFORCEMENT_LAUNCH_LAUNCH_REQUEST_H_
#define REEVE_ENFORCEMENT_LAUNCH_LAUNCH_REQUEST_H_

#include <sys/types.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "base/unique_fd.h"
#include "collectors/snapshot.h"
#include "enforcement/cgroup/task_cgroup.h"
#include "enforcement/launch/isolation_plan.h"
#include "enforcement/launch/relay_streams.h"
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
  // Absolute path of the program; argv[0] of the task too. In a root of the
  // task's own the first place to look for it.
  std::string program;
  // Where else to look, in this order.
  std::vector<std::string> other_programs;
  std::vector<std::string> args;  // Without argv[0].
  std::vector<std::string> env;
  std::string cwd;
  // nullopt: stay the agent's user.
  std::optional<Credentials> credentials;
  ExitType exit_type = ExitType::kMain;
  // One entry a resource; the others are the agent's.
  std::vector<Rlimit> rlimits;
  // Of what the program makes.
  uint32_t umask = 022;
  // nice(2) value of the task: the agent raises its own.
  int nice = 0;
  // nullopt: the agent's.
  std::optional<SchedulingPolicy> scheduling;
  // nullopt: 0, where the kernel permits that.
  std::optional<int> oom_score_adj;
  UniqueFd stdin_fd;
  UniqueFd stdout_fd;
  UniqueFd stderr_fd;
  // Whether stdin_fd is a terminal to become the controlling one.
  bool controlling_tty = false;
  RelayStreams relay;
  CgroupEntry cgroup;
  // The task's state directory, where the shim keeps pid, starttime,
  // exitStatus, exit, control and shim.log.
  UniqueFd state_dir;
  // nullopt: that of the launcher.
  std::optional<absl::Duration> start_timeout;
  // Asked while the program starts: whether to give up.
  std::function<bool()> is_cancelled = [] { return false; };
  // Called while the program is being started, or has just been, to do what
  // need not be done before. Its error ends the launch.
  std::function<absl::Status()> meanwhile = [] { return absl::OkStatus(); };
  // For the program, see MakeLandlockRuleset(); none: it is not restricted.
  UniqueFd landlock;
  IsolationPlan isolation;
  // Read end of a pipe that ends what is launched by hanging up; none if it is
  // tied to nobody.
  UniqueFd tether;
};

// A task that runs.
struct LaunchedTask {
  ProcessIdentity process;
  ProcessIdentity shim;
  // When the shim, the root and the program were there, by the monotonic clock.
  absl::Duration shim_at;
  absl::Duration root_at;
  absl::Duration program_at;
  // Read end of the `exit` fifo: it hangs up when the shim is gone, after the
  // exit status was written.
  UniqueFd exit_fifo;
};

// A further command that runs in the cgroup of a task.
struct LaunchedCommand {
  ProcessIdentity process;
  ProcessIdentity shim;
  // An ExitReport can be read when the command has ended, and it hangs up when
  // the last of its descendants has.
  UniqueFd status;
  // Write end: closed while the command runs, it kills it with all descendants.
  UniqueFd tether;
};

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_LAUNCH_LAUNCH_REQUEST_H_
