#ifndef REEVE_COLLECTORS_CGROUP_PROCESS_LIST_H_
#define REEVE_COLLECTORS_CGROUP_PROCESS_LIST_H_

#include <sys/types.h>

#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "collectors/cgroup/cgroup_mounts.h"

namespace reeve {

// The pids of `cgroup.procs`, one a line. Those that cannot be seen from our
// pid namespace, which the kernel shows as 0, are left out. kDataLoss if a line
// is not a pid.
absl::StatusOr<std::vector<pid_t>> ParseCgroupProcs(absl::string_view contents);

// Every process of a cgroup and of the cgroups below it, each once, in rising
// order. Of the hierarchies the first that has any counts, with the v2 one
// first. kNotFound if no hierarchy has a list: the cgroup is not there, or is a
// threaded one; another error if none has one that can be read.
absl::StatusOr<std::vector<pid_t>> ListProcesses(const CgroupDirs& dirs);

}  // namespace reeve

#endif  // REEVE_COLLECTORS_CGROUP_PROCESS_LIST_H_
