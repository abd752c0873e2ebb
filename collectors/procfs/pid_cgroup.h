#ifndef REEVE_COLLECTORS_PROCFS_PID_CGROUP_H_
#define REEVE_COLLECTORS_PROCFS_PID_CGROUP_H_

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace reeve {

// Told of the path of a cgroup, such as "/system.slice/cron.service"; false to
// be told of no other.
using CgroupPathVisitor = absl::FunctionRef<bool(absl::string_view path)>;

// Calls `visit` with the cgroup of a process in each hierarchy, by the text of
// /proc/PID/cgroup; lines that are not of that form are passed over.
void VisitCgroupPaths(absl::string_view contents, CgroupPathVisitor visit);

// The one to tell a process by: in the v2 hierarchy, or where that says nothing
// but "/", as on a hybrid host, the first v1 hierarchy that says more. "/" if
// none does; kDataLoss if there is no line at all. It is a part of `contents`.
absl::StatusOr<absl::string_view> MainCgroupPath(absl::string_view contents);

}  // namespace reeve

#endif  // REEVE_COLLECTORS_PROCFS_PID_CGROUP_H_
