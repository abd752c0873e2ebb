#ifndef REEVE_COLLECTORS_CGROUP_V1_LIMIT_HITS_H_
#define REEVE_COLLECTORS_CGROUP_V1_LIMIT_HITS_H_

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"

namespace reeve {

// What cgroup v1 tells of memory that was refused at a limit. Each time is
// counted once, at the limit that was met first: at that of memory and swap
// together if it leaves no room for swap, else at that of memory.
struct LimitFailures {
  // `memory.failcnt`.
  std::optional<uint64_t> memory;
  // `memory.memsw.failcnt`; absent if the kernel does not count there.
  std::optional<uint64_t> memory_and_swap;
  // The limit of memory and swap together is met first.
  bool swap_is_off = false;
};

// How often a limit was met; absent if that is not counted where it happens.
std::optional<uint64_t> LimitHits(const LimitFailures& failures);

// Whether the kernel of this release (`uname -r`) counts in
// memory.memsw.failcnt. Linux 6.15 and later have the file, but always 0 in it.
// A release that is not understood is taken for a later one.
bool CountsMemoryAndSwapFailures(absl::string_view release);

}  // namespace reeve

#endif  // REEVE_COLLECTORS_CGROUP_V1_LIMIT_HITS_H_
