#ifndef REEVE_COLLECTORS_CGROUPS_CGROUP_WALK_H_
#define REEVE_COLLECTORS_CGROUPS_CGROUP_WALK_H_

#include <cstdint>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace reeve {

// Told of a cgroup: its path below the root, "/" for the root, and the inode
// number of its directory, which is another one if it was made anew.
using CgroupVisitor =
    absl::FunctionRef<void(absl::string_view path, uint64_t inode)>;

// Visits every cgroup of the hierarchy at `mount_point`, each before those
// below it, by one stat(2) each and a list of those alone that have others
// below them: some 2 us a cgroup. One that is made or removed meanwhile is
// visited or not. Goes on after a directory that cannot be read, and returns
// the first such error: some cgroups were not visited then. Thread-safe.
absl::Status WalkCgroups(const std::string& mount_point, CgroupVisitor visit);

}  // namespace reeve

#endif  // REEVE_COLLECTORS_CGROUPS_CGROUP_WALK_H_
