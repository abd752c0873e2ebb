#ifndef REEVE_ENFORCEMENT_CGROUP_GROUP_CGROUP_H_
#define REEVE_ENFORCEMENT_CGROUP_GROUP_CGROUP_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "enforcement/spec/resource_limits.h"

namespace reeve {

// The cgroup that the tasks of a group have theirs in. It has no processes of
// its own. TaskCgroup makes it like any other.

// "@shop": no task can have that id, so that a task and a group may have the
// same name.
std::string GroupCgroupName(absl::string_view group);

// "/reeve/@shop". Tasks of the group have this for their parent.
std::string GroupCgroupPath(absl::string_view parent, absl::string_view group);

// Whether `path`, the parent of a task's cgroup, is that of the group.
bool IsGroupCgroupPath(absl::string_view path, absl::string_view group);

// kUnavailable naming a limit that this host cannot hold the tasks of a group
// to: a cpuset, rates of devices and huge pages where they are on cgroup v1. A
// v1 hierarchy has nothing of a task that has no such limit of its own, rates
// there do not count for cgroups below, and no cpuset may become smaller than
// one below it.
absl::Status CheckGroupControllers(const ResourceLimits& limits,
                                   const CgroupMounts& mounts);

// Whether the cgroup has a directory in every hierarchy that it can have one in
// for its limits and for what is measured: false after an agent was killed
// while it made it. `dirs` are those it has.
bool IsWholeCgroup(const CgroupMounts& mounts, const std::string& path,
                   const CgroupDirs& dirs);

// Removes the cgroup from every hierarchy, without touching what is below it:
// another process of ours may just be making a task there. OK if it is not
// there; kFailedPrecondition, naming a directory, if one is in use.
absl::Status RemoveGroupCgroup(const CgroupMounts& mounts,
                               const std::string& path);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_GROUP_CGROUP_H_
