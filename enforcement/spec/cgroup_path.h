#ifndef REEVE_ENFORCEMENT_SPEC_CGROUP_PATH_H_
#define REEVE_ENFORCEMENT_SPEC_CGROUP_PATH_H_

#include "absl/strings/string_view.h"

namespace reeve {

// Whether `path` names one cgroup, below the root of a hierarchy, in the one
// way to write it: "/" or "/reeve/web". Nothing that goes up or is left out,
// so that what is joined to a mount point stays below it.
bool IsCgroupPath(absl::string_view path);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SPEC_CGROUP_PATH_H_
