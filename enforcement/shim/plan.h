#ifndef REEVE_ENFORCEMENT_SHIM_PLAN_H_
#define REEVE_ENFORCEMENT_SHIM_PLAN_H_

#include <stddef.h>

#include "enforcement/shim/plan_format.h"

namespace reeve {

// A plan laid out for use. Everything points into the memory that it was read
// from.
struct Plan {
  PlanHeader* header = nullptr;
  int32_t* tasks_fds = nullptr;
  const uint32_t* groups = nullptr;
  const char* cwd = nullptr;
  // Ended by a null pointer, as execve(2) wants them.
  const char** argv = nullptr;
  const char** envp = nullptr;
};

// How many pointers LayOutPlan() needs; 0 if `bytes` does not start with the
// header of a plan that is `size` bytes long.
size_t PlanPointerCount(const void* bytes, size_t size);

// Sets *plan from `bytes`, aligned to 8, using `pointers` for argv and envp.
// Returns false, with *plan unchanged, for anything but a whole plan.
bool LayOutPlan(void* bytes, size_t size, const char** pointers, Plan* plan);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SHIM_PLAN_H_
