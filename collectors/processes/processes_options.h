#ifndef REEVE_COLLECTORS_PROCESSES_PROCESSES_OPTIONS_H_
#define REEVE_COLLECTORS_PROCESSES_PROCESSES_OPTIONS_H_

#include <cstddef>
#include <string>

#include "absl/time/time.h"
#include "base/name_filter.h"
#include "collectors/processes/group_template.h"

namespace reeve {

// What is measured of the host's processes.
struct ProcessesOptions {
  std::string procfs = "/proc";
  GroupTemplate group_by;
  // Processes of groups that it refuses have no series at all.
  NameFilter filter;
  // Threads of the kernel are left out: they have no memory, no file and no
  // user, and there are more of them than of all else on an idle machine.
  bool kernel_threads = false;
  // Processes have series of their own, too.
  bool per_pid = false;
  // Of these, as many as use most CPU time and as many with most memory; 0:
  // all.
  size_t top = 0;
  // As many of either have series at most.
  size_t max_processes = 2'500;
  size_t max_groups = 1'000;
  // Read a further file of each process in each round: /proc/PID/io,
  // /proc/PID/fd and /proc/PID/status.
  bool io = false;
  bool fds = false;
  bool status = false;
  // How long a group is shown when its last process has ended.
  absl::Duration empty_group_retention = absl::Minutes(5);
  // How long user, file, cgroup and limit of a process are believed to be as
  // they were. A process that changes its name is looked at at once.
  absl::Duration traits_lifetime = absl::Minutes(1);
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_PROCESSES_PROCESSES_OPTIONS_H_
