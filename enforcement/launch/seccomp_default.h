#ifndef REEVE_ENFORCEMENT_LAUNCH_SECCOMP_DEFAULT_H_
#define REEVE_ENFORCEMENT_LAUNCH_SECCOMP_DEFAULT_H_

#include "enforcement/launch/seccomp_profile.h"

namespace reeve {

// What an isolated task may call that brings no profile: all that ordinary
// programs do, and what a capability that it has is good for. The rest fails
// with EPERM. For 64-bit and 32-bit programs; the latter can make no sockets,
// as a filter does not see of which family they are.
SeccompProfile DefaultSeccompProfile();

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_LAUNCH_SECCOMP_DEFAULT_H_
