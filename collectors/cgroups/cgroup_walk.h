#ifndef REEVE_COLLECTORS_CGROUPS_CGROUP_WALK_H_
#define REEVE_COLLECTORS_CGROUPS_CGROUP_WALK_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace reeve {

// Told of the cgroups of a walk, one after the other.
class CgroupVisitor {
 public:
  virtual ~CgroupVisitor() = default;

  // A cgroup: its path below the root, "/" for the root, and the inode number
  // of its directory, which is another one if it was made anew. Returns whether
  // to take it for granted that there are none below it.
  virtual bool Visit(absl::string_view path, uint64_t inode) = 0;

  // Whether there may be others below the one that was visited last. Told if
  // that is not taken for granted, and if it has not vanished.
  virtual void Learn(bool may_have_children) = 0;
};

// Visits every cgroup of the hierarchy at `mount_point`, each before those
// below it. Costs 1.6 us for each whose children are asked for, 0.5 us for
// others, and a list of those that have children. One that is made or removed
// meanwhile is visited or not. Goes on after a directory that cannot be read,
// and returns the first such error: some cgroups were not visited then.
// Thread-safe.
absl::Status WalkCgroups(const std::string& mount_point,
                         CgroupVisitor& visitor);

}  // namespace reeve

#endif  // REEVE_COLLECTORS_CGROUPS_CGROUP_WALK_H_
