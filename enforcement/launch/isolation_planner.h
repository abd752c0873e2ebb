#ifndef REEVE_ENFORCEMENT_LAUNCH_ISOLATION_PLANNER_H_
#define REEVE_ENFORCEMENT_LAUNCH_ISOLATION_PLANNER_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/unique_fd.h"
#include "enforcement/launch/isolation_plan.h"
#include "enforcement/launch/launch_request.h"
#include "enforcement/launch/seccomp_filters.h"
#include "enforcement/spec/capabilities.h"
#include "enforcement/spec/isolation.h"

namespace reeve {

// What whoever runs the agent lets tasks have.
struct IsolationPolicy {
  // nullopt: all that the agent has itself.
  std::optional<CapabilitySet> allowed_capabilities;
  // A cgroup namespace hides nothing where a task is in cgroups of v1, which
  // others of its hierarchies show.
  bool has_v1_cgroups = false;
};

// Turns what a spec asks of the native executor into what the shim does for it.
// Opens, on this host, all that can be opened in advance. Thread-safe.
class IsolationPlanner {
 public:
  explicit IsolationPlanner(IsolationPolicy policy);

  // Compiles the filter of tasks that ask for nothing special.
  void WarmUp();

  // The executor of a task with this spec here. kAuto is kNative where
  // CheckNativeSupport() is OK, and kUniversal elsewhere. The error of
  // CheckNativeSupport() if it is to be kNative.
  absl::StatusOr<Executor> Choose(const IsolationSpec& isolation) const;

  // For the first process of a task that runs as `credentials` in `cwd`, a path
  // in its root. Without the root of an overlay: see MountTaskRoot().
  absl::StatusOr<IsolationPlan> ForTask(const IsolationSpec& isolation,
                                        const Credentials& credentials,
                                        const std::string& cwd);

  // For one more in the namespaces of `process`, a pidfd of the first, with the
  // same privileges. `root` is the directory that that has for its root.
  absl::StatusOr<IsolationPlan> ForCommand(const IsolationSpec& isolation,
                                           const Credentials& credentials,
                                           UniqueFd process, UniqueFd root);

  // Whether native can be had here, as of the start.
  const absl::Status& native_support() const { return native_support_; }

 private:
  absl::StatusOr<uint32_t> NamespacesOf(const IsolationSpec& isolation) const;
  absl::Status AddPrivileges(const IsolationSpec& isolation,
                             const Credentials& credentials,
                             IsolationPlan* plan);

  const IsolationPolicy policy_;
  const absl::Status native_support_;
  SeccompFilters filters_;
};

// The overlay that is the root of a task, if it has one: the layers are in the
// directory that the spec names or else in `state_dir_fd`.
absl::Status MountTaskRoot(const RootSpec& root, int state_dir_fd,
                           IsolationPlan* plan);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_LAUNCH_ISOLATION_PLANNER_H_
