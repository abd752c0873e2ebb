#ifndef REEVE_ENFORCEMENT_LAUNCH_ROOT_STEPS_H_
#define REEVE_ENFORCEMENT_LAUNCH_ROOT_STEPS_H_

#include <vector>

#include "absl/status/statusor.h"
#include "enforcement/launch/isolation_plan.h"
#include "enforcement/launch/task_device.h"
#include "enforcement/spec/isolation.h"

namespace reeve {

// What is made in the root of a task, in order: the file systems that a program
// expects, its devices, `isolation`'s mounts, and last what is taken away from
// it. A mount of the task's takes the place of one of ours at the same target.
// Opens the sources of bind mounts: the errors of CloneSource(). The working
// directory is not among them.
absl::StatusOr<std::vector<RootStep>> RootStepsOf(
    const IsolationSpec& isolation, const std::vector<TaskDevice>& devices);

// A directory with those above it, of `uid` and `gid` if it has to be made.
RootStep MakeDirectoryStep(const std::string& path, uint32_t uid, uint32_t gid);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_LAUNCH_ROOT_STEPS_H_
