#include "enforcement/shim/time_slice.h"

#include <linux/sched.h>
#include <linux/sched/types.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace reeve {
namespace {

constexpr uint64_t kShortSliceNanos = 100'000;
constexpr uint64_t kDefaultSlice = 0;

// For SCHED_NORMAL and SCHED_BATCH, `sched_runtime` is the slice. All else is
// set to what it is.
void SetTimeSlice(uint64_t nanos) {
  sched_attr attributes = {};
  if (syscall(SYS_sched_getattr, 0, &attributes, sizeof(attributes), 0) != 0) {
    return;
  }
  if (attributes.sched_policy != SCHED_NORMAL &&
      attributes.sched_policy != SCHED_BATCH) {
    return;
  }
  attributes.sched_runtime = nanos;
  syscall(SYS_sched_setattr, 0, &attributes, 0);
}

}  // namespace

void UseShortTimeSlice() { SetTimeSlice(kShortSliceNanos); }

void UseDefaultTimeSlice() { SetTimeSlice(kDefaultSlice); }

}  // namespace reeve
