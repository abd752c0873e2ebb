#ifndef REEVE_ENFORCEMENT_LAUNCH_SECCOMP_PROGRAM_H_
#define REEVE_ENFORCEMENT_LAUNCH_SECCOMP_PROGRAM_H_

#include <linux/filter.h>

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "base/kernel_version.h"
#include "enforcement/launch/seccomp_profile.h"

namespace reeve {

// What a profile says to the programs of one architecture, SCMP_ARCH_* of
// seccomp.h; those of others are killed. What the number of a call decides is
// looked up, and libseccomp compiles what takes its arguments: for hundreds of
// calls its filter is three times as long, and so is loading it. Not to be
// called from two threads at once. Errors are those of CompileSeccompProfile().
absl::StatusOr<std::vector<sock_filter>> CompileSeccompProgram(
    const SeccompProfile& profile, uint64_t capabilities, KernelVersion kernel,
    uint32_t architecture);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_LAUNCH_SECCOMP_PROGRAM_H_
