#ifndef REEVE_ENFORCEMENT_CGROUP_MEMORY_DECREASE_H_
#define REEVE_ENFORCEMENT_CGROUP_MEMORY_DECREASE_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "enforcement/cgroup/ceiling_record.h"
#include "enforcement/cgroup/limit_files.h"

namespace reeve {

// How a memory limit below what is in use comes into force.
struct MemoryDecreaseOptions {
  // How long to try to take memory back.
  absl::Duration reclaim_timeout = absl::Seconds(2);
  // To set the limit even if that is not enough, so that the kernel kills. On
  // cgroup v1 it never sets such a limit.
  bool force = false;
  // Null to keep no record: then a process that is killed meanwhile leaves
  // memory.high lowered. Must outlive the update.
  CeilingRecord* record = nullptr;
};

// kInvalidArgument unless the timeout is from 0 to a minute.
absl::Status ValidateMemoryDecrease(const MemoryDecreaseOptions& options);

// What became of memory in use above a new limit.
struct MemoryDecrease {
  uint64_t usage_before_bytes = 0;
  // When the limit had been set.
  uint64_t usage_after_bytes = 0;
  // By the kernel, not by killing.
  uint64_t reclaimed_bytes = 0;
  uint64_t oom_kills = 0;
};

// Whether `wanted` in a limit file is a lower memory limit than `now`.
bool IsMemoryDecrease(absl::string_view file, absl::string_view now,
                      absl::string_view wanted);

// Writes a lower memory limit, `bytes`, to `file`: memory.max,
// memory.limit_in_bytes or memory.memsw.limit_in_bytes. Returns what the file
// shows then, and sets `decrease` if more was in use.
//
// v2 would kill, so memory is taken back first, while memory.high keeps the
// task from growing; the limit is written once what is in use fits. v1 takes
// memory back by itself, and says EBUSY if that is not enough: then it is asked
// again. (Not by memory.force_empty, which takes all that can be had, also what
// fits.) The timeout does not interrupt v1 while it gets on.
//
// kFailedPrecondition, saying what is in use, if the timeout passes before
// that; then nothing has changed. kNotFound if the cgroup was removed.
absl::StatusOr<std::string> LowerMemoryLimit(
    const std::string& file, uint64_t bytes,
    const MemoryDecreaseOptions& options, LimitFiles& files,
    std::optional<MemoryDecrease>& decrease);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_MEMORY_DECREASE_H_
