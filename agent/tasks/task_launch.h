#ifndef REEVE_AGENT_TASKS_TASK_LAUNCH_H_
#define REEVE_AGENT_TASKS_TASK_LAUNCH_H_

#include <utility>

#include "absl/status/statusor.h"
#include "agent/tasks/launch_policy.h"
#include "base/unique_fd.h"
#include "collectors/snapshot.h"
#include "enforcement/launch/isolation_planner.h"
#include "enforcement/launch/launch_request.h"
#include "enforcement/spec/task_spec.h"

namespace reeve {

// Looks up, on this host and in the root of a task, everything that a spec
// names: user, program, working directory, mounts, paths of rules. The results
// lack streams, cgroup and state directory. Thread-safe.
class LaunchResolver {
 public:
  // `has_v1_cgroups`: see IsolationPolicy.
  LaunchResolver(LaunchPolicy policy, bool has_v1_cgroups)
      : policy_(std::move(policy)),
        planner_({policy_.allowed_capabilities, has_v1_cgroups}) {}

  // Prepares what every native launch needs, so that the first is not slower.
  void WarmUp() { planner_.WarmUp(); }

  // See IsolationPlanner::Choose().
  absl::StatusOr<Executor> ChooseExecutor(
      const IsolationSpec& isolation) const {
    return planner_.Choose(isolation);
  }

  // For the main process of a task. `spec` has an executor that was chosen.
  // Makes a program in the task's own directory executable, and nothing else.
  absl::StatusOr<LaunchRequest> ForTask(const TaskSpec& spec);

  // For a further command, which `spec` says, in a task whose main process is
  // `main`; `pidfd` is that. kFailedPrecondition if it has ended.
  absl::StatusOr<LaunchRequest> ForCommand(const TaskSpec& spec,
                                           const ProcessIdentity& main,
                                           absl::StatusOr<UniqueFd> pidfd);

 private:
  absl::StatusOr<LaunchRequest> OnHost(const TaskSpec& spec);
  absl::StatusOr<LaunchRequest> InRoot(const TaskSpec& spec, int root_fd);
  absl::Status CheckIds(const IsolationSpec& isolation,
                        const LaunchRequest& request) const;

  const LaunchPolicy policy_;
  IsolationPlanner planner_;
};

}  // namespace reeve

#endif  // REEVE_AGENT_TASKS_TASK_LAUNCH_H_
