#ifndef REEVE_ENFORCEMENT_SHIM_PLAN_H_
#define REEVE_ENFORCEMENT_SHIM_PLAN_H_

#include <stddef.h>

#include "enforcement/shim/plan_format.h"

namespace reeve {

// A plan laid out for use. Everything points into the memory that it was read
// from.
struct Plan {
  PlanHeader* header = nullptr;
  const PlanRlimit* rlimits = nullptr;
  PlanRootStep* root_steps = nullptr;
  // sock_filter of linux/filter.h.
  const uint64_t* filter = nullptr;
  int32_t* tasks_fds = nullptr;
  const uint32_t* groups = nullptr;
  const char* cwd = nullptr;
  // Empty if there is none of its own.
  const char* hostname = nullptr;
  // For /proc/thread-self/attr/exec; empty if there is none.
  const char* label = nullptr;
  // Of a new user namespace; empty if there is none.
  const char* uid_map = nullptr;
  const char* gid_map = nullptr;
  const char** programs = nullptr;
  // Ended by a null pointer, as execve(2) wants them.
  const char** argv = nullptr;
  const char** envp = nullptr;
  // Two of each root step: its target and its text.
  const char** root_texts = nullptr;
};

// How many pointers LayOutPlan() needs; 0 if `bytes` does not start with the
// header of a plan that is `size` bytes long.
size_t PlanPointerCount(const void* bytes, size_t size);

// Sets *plan from `bytes`, aligned to 8, using `pointers` for its arrays.
// Returns false, with *plan unchanged, for anything but a whole plan.
bool LayOutPlan(void* bytes, size_t size, const char** pointers, Plan* plan);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SHIM_PLAN_H_
