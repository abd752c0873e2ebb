#ifndef REEVE_ENFORCEMENT_SHIM_INIT_FILTER_H_
#define REEVE_ENFORCEMENT_SHIM_INIT_FILTER_H_

#include "enforcement/shim/child_failure.h"

namespace reeve {

// Leaves the calling process the system calls with which the first process of a
// task closes descriptors, tells that it is ready, reaps and ends. A task that
// may trace it could have it make others else, past the task's own filter. The
// caller has forgone new privileges.
ChildFailure InstallInitFilter();

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SHIM_INIT_FILTER_H_
