#ifndef REEVE_ENFORCEMENT_LAUNCH_SECCOMP_FILTER_H_
#define REEVE_ENFORCEMENT_LAUNCH_SECCOMP_FILTER_H_

#include <linux/filter.h>

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "base/kernel_version.h"
#include "enforcement/launch/seccomp_profile.h"

namespace reeve {

// What seccomp(2) takes with SECCOMP_SET_MODE_FILTER.
struct SeccompFilter {
  // BPF_MAXINSNS at most.
  std::vector<sock_filter> program;
  // SECCOMP_FILTER_FLAG_*.
  uint32_t flags = 0;
};

// The filter of a profile for a task whose bounding set is `capabilities`, bit
// N for capability N, on a kernel of that version. Takes less than 1 ms, and
// up to half a second for as many comparisons of arguments as there may be. Not
// to be called from two threads at once: libseccomp has state of its own.
//
// Where a profile answers what it does not name with an error, that is ENOSYS
// for calls which are newer than this program, so that a C library falls back
// to what it did before them. A call that may be made with some arguments only,
// and that 32-bit programs can make through socketcall(2) or ipc(2) as well, is
// not allowed to those: a filter does not see the arguments there.
//
// kInvalidArgument if rules contradict each other, or are too much for one
// filter.
absl::StatusOr<SeccompFilter> CompileSeccompProfile(
    const SeccompProfile& profile, uint64_t capabilities, KernelVersion kernel);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_LAUNCH_SECCOMP_FILTER_H_
