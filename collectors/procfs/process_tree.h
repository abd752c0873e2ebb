#ifndef REEVE_COLLECTORS_PROCFS_PROCESS_TREE_H_
#define REEVE_COLLECTORS_PROCFS_PROCESS_TREE_H_

#include <sys/types.h>

#include <vector>

#include "collectors/cgroup/sample_pass.h"
#include "collectors/snapshot.h"

namespace reeve {

// Where the processes of a task hang in the process tree. One that is not known
// has pid 0.
struct TaskRoots {
  ProcessIdentity main;
  // The task's subreaper, so that what the task orphans is its child. Not a
  // process of the task itself.
  ProcessIdentity shim;

  bool Known() const { return main.pid != 0 || shim.pid != 0; }
};

// The main process of a task, its descendants and those of its shim, in rising
// order, without the shim and the caller. A root that has ended has none, also
// if its pid has been given out again. Found by /proc/PID/task/TID/children, or
// by one look at every /proc/PID/stat where the kernel has no such files. What
// ends meanwhile is left out; so is what cannot be understood, which is told to
// `on_error`. `procfs_fd` is a handle of /proc. Thread-safe.
std::vector<pid_t> ListProcessTree(int procfs_fd, const TaskRoots& roots,
                                   ReadErrorSink on_error);

// The parent of a process; pid 0 if either has ended.
ProcessIdentity ParentOf(int procfs_fd, const ProcessIdentity& process);

}  // namespace reeve

#endif  // REEVE_COLLECTORS_PROCFS_PROCESS_TREE_H_
