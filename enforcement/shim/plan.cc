#include "enforcement/shim/plan.h"

#include <string.h>

namespace reeve {
namespace {

// More than the kernel takes for one execve(2), and far from overflow.
constexpr uint32_t kMaxCount = 1u << 24;

// Where the strings start. 0 if the header is not that of a plan of this size.
size_t StringsOffset(const PlanHeader& header, size_t size) {
  if (header.magic != kPlanMagic || header.version != kPlanVersion ||
      header.size != size || header.arg_count == 0 ||
      header.tasks_fd_count > kMaxCount || header.group_count > kMaxCount ||
      header.arg_count > kMaxCount || header.env_count > kMaxCount) {
    return 0;
  }
  const size_t offset =
      sizeof(header) + header.tasks_fd_count * sizeof(int32_t) +
      static_cast<size_t>(header.group_count) * sizeof(uint32_t);
  return offset < size ? offset : 0;
}

// Sets `count` pointers to consecutive strings and a null pointer after them.
// Returns where the next string would start, or null if there are too few.
const char* LayOutStrings(const char* next, const char* end, uint32_t count,
                          const char** pointers) {
  for (uint32_t i = 0; i < count; ++i) {
    const void* const terminator =
        memchr(next, '\0', static_cast<size_t>(end - next));
    if (terminator == nullptr) return nullptr;
    pointers[i] = next;
    next = static_cast<const char*>(terminator) + 1;
  }
  pointers[count] = nullptr;
  return next;
}

}  // namespace

size_t PlanPointerCount(const void* bytes, size_t size) {
  if (size < sizeof(PlanHeader)) return 0;
  const auto& header = *static_cast<const PlanHeader*>(bytes);
  if (StringsOffset(header, size) == 0) return 0;
  return static_cast<size_t>(header.arg_count) + header.env_count + 2;
}

bool LayOutPlan(void* bytes, size_t size, const char** pointers, Plan* plan) {
  if (PlanPointerCount(bytes, size) == 0) return false;
  char* const start = static_cast<char*>(bytes);
  const char* const end = start + size;
  auto* const header = static_cast<PlanHeader*>(bytes);

  // The working directory stands where argv goes next.
  const char* next = start + StringsOffset(*header, size);
  next = LayOutStrings(next, end, 1, pointers);
  if (next == nullptr) return false;
  const char* const cwd = pointers[0];
  const char** const argv = pointers;
  const char** const envp = pointers + header->arg_count + 1;
  next = LayOutStrings(next, end, header->arg_count, argv);
  if (next == nullptr) return false;
  next = LayOutStrings(next, end, header->env_count, envp);
  if (next != end) return false;

  plan->header = header;
  plan->tasks_fds = reinterpret_cast<int32_t*>(start + sizeof(PlanHeader));
  plan->groups = reinterpret_cast<const uint32_t*>(plan->tasks_fds +
                                                   header->tasks_fd_count);
  plan->cwd = cwd;
  plan->argv = argv;
  plan->envp = envp;
  return true;
}

}  // namespace reeve
