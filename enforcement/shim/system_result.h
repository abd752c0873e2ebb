#ifndef REEVE_ENFORCEMENT_SHIM_SYSTEM_RESULT_H_
#define REEVE_ENFORCEMENT_SHIM_SYSTEM_RESULT_H_

#include <errno.h>
#include <sys/types.h>
#include <sys/wait.h>

namespace reeve {

// 0, or the errno value of a system call that has just answered `result`.
inline int Check(long result) { return result < 0 ? errno : 0; }

// Waits for the end of a child that is ending or was killed.
inline void Reap(pid_t pid) {
  while (waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
}

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SHIM_SYSTEM_RESULT_H_
