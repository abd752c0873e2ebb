#include "enforcement/shim/plan.h"

#include <string.h>

#include <initializer_list>

namespace reeve {
namespace {

// More than the kernel takes for one execve(2), and far from overflow.
constexpr uint32_t kMaxCount = 1u << 24;

bool IsWhole(const PlanLog& log) {
  return memchr(log.name, '\0', kMaxLogNameSize + 1) != nullptr &&
         log.max_files > 0 && log.max_files <= 100;
}

bool HasBoundedCounts(const PlanHeader& header) {
  for (const uint32_t count :
       {header.rlimit_count, header.root_step_count, header.filter_count,
        header.tasks_fd_count, header.group_count, header.program_count,
        header.arg_count, header.env_count}) {
    if (count > kMaxCount) return false;
  }
  return header.arg_count > 0 && header.program_count > 0;
}

// The sections before the strings, as offsets from the start of the plan.
struct Sections {
  size_t rlimits;
  size_t root_steps;
  size_t filter;
  size_t tasks_fds;
  size_t groups;
  size_t strings;
};

Sections Lay(const PlanHeader& header) {
  Sections sections;
  sections.rlimits = sizeof(header);
  sections.root_steps =
      sections.rlimits + header.rlimit_count * sizeof(PlanRlimit);
  sections.filter =
      sections.root_steps + header.root_step_count * sizeof(PlanRootStep);
  sections.tasks_fds = sections.filter + header.filter_count * sizeof(uint64_t);
  sections.groups =
      sections.tasks_fds + header.tasks_fd_count * sizeof(int32_t);
  sections.strings = sections.groups + header.group_count * sizeof(uint32_t);
  return sections;
}

// Where the strings start. 0 if the header is not that of a plan of this size.
size_t StringsOffset(const PlanHeader& header, size_t size) {
  if (header.magic != kPlanMagic || header.version != kPlanVersion ||
      header.size != size || !HasBoundedCounts(header) ||
      !IsWhole(header.relay.logs[0]) || !IsWhole(header.relay.logs[1])) {
    return 0;
  }
  const size_t offset = Lay(header).strings;
  return offset < size ? offset : 0;
}

constexpr size_t kTextsOfStep = 2;

// Sets pointers to consecutive strings, of which it remembers the next.
class Strings {
 public:
  Strings(const char* next, const char* end) : next_(next), end_(end) {}

  const char* Take() {
    if (next_ == nullptr) return nullptr;
    const char* const taken = next_;
    const void* const terminator =
        memchr(next_, '\0', static_cast<size_t>(end_ - next_));
    next_ = terminator == nullptr ? nullptr
                                  : static_cast<const char*>(terminator) + 1;
    return taken;
  }

  const char** Take(size_t count, const char**& pointers) {
    const char** const first = pointers;
    for (size_t i = 0; i < count; ++i) *pointers++ = Take();
    return first;
  }

  // Whether there were as many as were taken, and no more.
  bool AreAllTaken() const { return next_ == end_; }

 private:
  const char* next_;
  const char* const end_;
};

}  // namespace

size_t PlanPointerCount(const void* bytes, size_t size) {
  if (size < sizeof(PlanHeader)) return 0;
  const auto& header = *static_cast<const PlanHeader*>(bytes);
  const size_t offset = StringsOffset(header, size);
  if (offset == 0) return 0;
  const size_t strings = static_cast<size_t>(header.program_count) +
                         header.arg_count + header.env_count +
                         kTextsOfStep * header.root_step_count;
  // Each takes a byte at least, and so do the five before them.
  if (strings + 4 >= size - offset) return 0;
  // With the null pointers after the arguments and the variables.
  return strings + 2;
}

bool LayOutPlan(void* bytes, size_t size, const char** pointers, Plan* plan) {
  if (PlanPointerCount(bytes, size) == 0) return false;
  char* const start = static_cast<char*>(bytes);
  auto* const header = static_cast<PlanHeader*>(bytes);
  const Sections sections = Lay(*header);

  Plan laid;
  laid.header = header;
  laid.rlimits = reinterpret_cast<const PlanRlimit*>(start + sections.rlimits);
  laid.root_steps =
      reinterpret_cast<PlanRootStep*>(start + sections.root_steps);
  laid.filter = reinterpret_cast<const uint64_t*>(start + sections.filter);
  laid.tasks_fds = reinterpret_cast<int32_t*>(start + sections.tasks_fds);
  laid.groups = reinterpret_cast<const uint32_t*>(start + sections.groups);

  Strings strings(start + sections.strings, start + size);
  laid.cwd = strings.Take();
  laid.hostname = strings.Take();
  laid.label = strings.Take();
  laid.uid_map = strings.Take();
  laid.gid_map = strings.Take();
  laid.programs = strings.Take(header->program_count, pointers);
  laid.argv = strings.Take(header->arg_count, pointers);
  *pointers++ = nullptr;
  laid.envp = strings.Take(header->env_count, pointers);
  *pointers++ = nullptr;
  laid.root_texts =
      strings.Take(kTextsOfStep * header->root_step_count, pointers);
  if (!strings.AreAllTaken()) return false;
  *plan = laid;
  return true;
}

}  // namespace reeve
