#ifndef REEVE_ENFORCEMENT_CGROUP_CGROUP_ACCESS_H_
#define REEVE_ENFORCEMENT_CGROUP_CGROUP_ACCESS_H_

#include <sys/types.h>

#include <string>

namespace reeve {

// What this process may do with the directories of cgroups, and what they are.
// `directory` is a full path, `cgroup` one below a hierarchy's root ("/reeve").
// Nothing here changes anything. Thread-safe.

enum class CgroupAccess {
  kYes,
  // The file belongs to somebody else, or is not there.
  kDenied,
  // The hierarchy is mounted read-only.
  kReadOnly,
};

// Whether the effective user may write to a file, or make cgroups in a
// directory.
CgroupAccess WriteAccess(const std::string& path);

// Whether the effective user may make cgroups in the directory and move
// processes between them, as somebody may who was given the cgroup.
bool IsOurs(const std::string& directory);

// Whether systemd says that it leaves the cgroup to others: its Delegate= sets
// the extended attribute user.delegate or, before version 251, only
// trusted.delegate, which root alone can see.
bool HasDelegateMark(const std::string& directory);

// Whether this is the root of the whole v2 hierarchy, and not that of a cgroup
// namespace: it may have processes of its own beside its children.
bool IsHierarchyRoot(const std::string& directory);

// Whether a process other than `ignored_pid` is in this cgroup itself.
bool HasOwnProcesses(const std::string& directory, pid_t ignored_pid = 0);

// The cgroup above: "/a" for "/a/b", "" for "/a" and for the root.
std::string ParentCgroup(const std::string& cgroup);

// `cgroup` or the nearest above it that exists below `mount_point`; "" for the
// root.
std::string NearestExistingCgroup(const std::string& mount_point,
                                  const std::string& cgroup);

// Whether `cgroup` is `top` or below it; everything is below "".
bool IsAtOrBelow(const std::string& cgroup, const std::string& top);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_CGROUP_ACCESS_H_
