#ifndef REEVE_ENFORCEMENT_LAUNCH_SHIM_PROCESS_H_
#define REEVE_ENFORCEMENT_LAUNCH_SHIM_PROCESS_H_

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/unique_fd.h"
#include "enforcement/launch/launch_request.h"
#include "enforcement/shim/start_report.h"

namespace reeve {

// Starts the shim by the first of `paths` that can be executed, without
// environment, with all signals blocked, with `plan_fd` as its argument. It has
// `plan_fd` and `fds` under the numbers that they have here, and no other
// descriptor that is close-on-exec here. They stay close-on-exec in this
// process all the time, so nothing that another thread starts meanwhile gets
// them: a copy of a status pipe would keep its reader waiting. An error is that
// of the last path. Thread-safe.
absl::StatusOr<pid_t> SpawnShim(const std::vector<std::string>& paths,
                                int plan_fd, const std::vector<int>& fds);

// Waits for the report of a shim. kDeadlineExceeded after `timeout`,
// kCancelled soon after `is_cancelled` says so, kUnavailable if the shim is
// gone without one.
absl::StatusOr<StartReport> AwaitStartReport(
    int status_fd, absl::Duration timeout,
    const std::function<bool()>& is_cancelled);

// Ends a shim of ours that has reported no start, with whatever it has started,
// and reaps it.
void KillShim(pid_t shim, const CgroupEntry& cgroup);

// Ends every process of the cgroup, if there is one.
void KillTask(const CgroupEntry& cgroup);

// Reaps a child of this process; waits for its end. Returns its wait status.
int ReapChild(pid_t pid);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_LAUNCH_SHIM_PROCESS_H_
