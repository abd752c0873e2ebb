#ifndef REEVE_ENFORCEMENT_SHIM_TIME_SLICE_H_
#define REEVE_ENFORCEMENT_SHIM_TIME_SLICE_H_

namespace reeve {

// How long the calling thread and its future children run at a stretch: one
// with short slices is let in sooner after a wake-up and after fork(), at the
// same share of the CPU. On a busy machine a start, which changes hands five
// times, takes less than half as long with it. Kernels before 6.12 take no
// notice. Nothing depends on it, so nothing is said of a failure.

// 0.1 ms, the least that the kernel takes.
void UseShortTimeSlice();

// The kernel's own choice, also for threads that had none before.
void UseDefaultTimeSlice();

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SHIM_TIME_SLICE_H_
