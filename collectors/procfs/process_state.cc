#include "collectors/procfs/process_state.h"

namespace reeve {

ProcessState ProcessStateOf(char letter) {
  switch (letter) {
    case 'R':
      return kRunning;
    case 'S':
    case 'I':  // A thread of the kernel that has nothing to do.
      return kSleeping;
    case 'D':
      return kBlocked;
    case 'T':
    case 't':
      return kStopped;
    case 'Z':
    case 'X':
      return kZombie;
    default:
      return kOtherState;
  }
}

}  // namespace reeve
