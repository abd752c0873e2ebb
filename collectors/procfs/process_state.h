#ifndef REEVE_COLLECTORS_PROCFS_PROCESS_STATE_H_
#define REEVE_COLLECTORS_PROCFS_PROCESS_STATE_H_

#include <array>
#include <cstddef>
#include <cstdint>

namespace reeve {

// What a process does.
enum ProcessState : size_t {
  // It runs, or could.
  kRunning,
  kSleeping,
  // It waits and is not to be interrupted: in most cases for a disk.
  kBlocked,
  kStopped,
  // It has ended, and its parent has not asked how.
  kZombie,
  kOtherState,
  kProcessStateCount
};

// Processes by their state.
using ProcessStateCounts = std::array<uint64_t, kProcessStateCount>;

// By its letter in /proc/PID/stat: proc_pid_stat(5).
ProcessState ProcessStateOf(char letter);

}  // namespace reeve

#endif  // REEVE_COLLECTORS_PROCFS_PROCESS_STATE_H_
