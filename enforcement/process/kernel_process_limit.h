#ifndef REEVE_ENFORCEMENT_PROCESS_KERNEL_PROCESS_LIMIT_H_
#define REEVE_ENFORCEMENT_PROCESS_KERNEL_PROCESS_LIMIT_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "enforcement/process/task_processes.h"

namespace reeve {

// One limit of one process or thread, by number: /proc/PID/oom_score_adj,
// setpriority(2), sched_setscheduler(2) and prlimit(2). Files are those of
// process_limit_text.h. A policy may also be "deadline:RUNTIME:DEADLINE:PERIOD"
// in nanoseconds or a number, and any may end in "+reset-on-fork": children do
// not inherit it. kNotFound if there is none of that number.

absl::StatusOr<std::string> ReadKernelLimit(const LimitHolder& holder,
                                            const std::string& file);

// The error names the process, errno's text, and what is missing.
absl::Status WriteKernelLimit(const LimitHolder& holder,
                              const std::string& file,
                              const std::string& value);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_PROCESS_KERNEL_PROCESS_LIMIT_H_
