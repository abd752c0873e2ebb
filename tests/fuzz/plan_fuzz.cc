// The plan that reeve-shim is given: it must lay out a whole one, or nothing.

#include <algorithm>
#include <cstring>
#include <vector>

#include "enforcement/shim/plan.h"
#include "tests/fuzz/fuzz_check.h"

namespace {

// Every byte that a plan points to is read, for a sanitizer to see.
size_t Read(const reeve::Plan& plan) {
  const reeve::PlanHeader& header = *plan.header;
  size_t sum = std::strlen(plan.cwd) + std::strlen(plan.hostname) +
               std::strlen(plan.label) + std::strlen(plan.uid_map) +
               std::strlen(plan.gid_map);
  for (uint32_t i = 0; i < header.rlimit_count; ++i) {
    sum += plan.rlimits[i].soft;
  }
  for (uint32_t i = 0; i < header.tasks_fd_count; ++i) {
    sum += static_cast<size_t>(plan.tasks_fds[i]);
  }
  const char* const* texts = plan.root_texts;
  for (uint32_t i = 0; i < header.root_step_count; ++i) {
    sum +=
        plan.root_steps[i].mode + std::strlen(texts[0]) + std::strlen(texts[1]);
    texts += 2;
  }
  for (uint32_t i = 0; i < header.filter_count; ++i) sum += plan.filter[i];
  for (uint32_t i = 0; i < header.program_count; ++i) {
    sum += std::strlen(plan.programs[i]);
  }
  for (uint32_t i = 0; i < header.group_count; ++i) sum += plan.groups[i];
  for (uint32_t i = 0; i < header.arg_count; ++i) {
    sum += std::strlen(plan.argv[i]);
  }
  FUZZ_CHECK(plan.argv[header.arg_count] == nullptr);
  for (uint32_t i = 0; i < header.env_count; ++i) {
    sum += std::strlen(plan.envp[i]);
  }
  FUZZ_CHECK(plan.envp[header.env_count] == nullptr);
  return sum;
}

void LayOut(const uint8_t* data, size_t size, bool mend_size) {
  std::vector<uint64_t> words((size + 7) / 8 + 1);
  std::copy_n(data, size, reinterpret_cast<uint8_t*>(words.data()));
  auto* const header = reinterpret_cast<reeve::PlanHeader*>(words.data());
  if (mend_size && size >= sizeof(*header)) header->size = size;

  const size_t count = reeve::PlanPointerCount(words.data(), size);
  if (count == 0) return;
  // No more than there are bytes, or the shim would ask for any amount.
  FUZZ_CHECK(count <= size);
  std::vector<const char*> pointers(count);
  reeve::Plan plan;
  if (!reeve::LayOutPlan(words.data(), size, pointers.data(), &plan)) return;
  volatile size_t sum = Read(plan);
  (void)sum;
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  LayOut(data, size, /*mend_size=*/false);
  // A mutation seldom has the size right that it claims.
  LayOut(data, size, /*mend_size=*/true);
  return 0;
}
