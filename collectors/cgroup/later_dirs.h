#ifndef REEVE_COLLECTORS_CGROUP_LATER_DIRS_H_
#define REEVE_COLLECTORS_CGROUP_LATER_DIRS_H_

#include <utility>

#include "absl/strings/string_view.h"
#include "collectors/cgroup/cgroup_mounts.h"

namespace reeve {

// `dirs`, which a cgroup has, and those that it may get later than it begins,
// as a task does with its first limit of devices or of huge pages. Those need
// not exist.
inline CgroupDirs WithLaterDirs(CgroupDirs dirs, const CgroupMounts& mounts,
                                absl::string_view cgroup) {
  CgroupDirs later = LocateCgroup(mounts, cgroup);
  dirs.io = std::move(later.io);
  dirs.hugetlb = std::move(later.hugetlb);
  return dirs;
}

}  // namespace reeve

#endif  // REEVE_COLLECTORS_CGROUP_LATER_DIRS_H_
