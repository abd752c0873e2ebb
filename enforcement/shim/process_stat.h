#ifndef REEVE_ENFORCEMENT_SHIM_PROCESS_STAT_H_
#define REEVE_ENFORCEMENT_SHIM_PROCESS_STAT_H_

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

namespace reeve {

// Field 22 of /proc/PID/stat, in clock ticks since boot; -1 if `stat` has none:
//
//   4711 (a name) with) spaces) S 1 4711 ... 22nd field ...
int64_t ParseStartTime(const char* stat, size_t size);

// The same of a process that has not been reaped; -1 with errno set on failure.
int64_t ReadStartTime(pid_t pid);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SHIM_PROCESS_STAT_H_
