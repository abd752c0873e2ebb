#ifndef REEVE_COLLECTORS_CGROUP_OOM_KILLS_H_
#define REEVE_COLLECTORS_CGROUP_OOM_KILLS_H_

#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace reeve {

// How many processes the kernel has killed for memory, from v1
// `memory.oom_control` or v2 `memory.events`, which both call it oom_kill.
// Absent before Linux 4.13. kDataLoss if it is not a number.
absl::StatusOr<std::optional<uint64_t>> ParseOomKills(
    absl::string_view contents);

}  // namespace reeve

#endif  // REEVE_COLLECTORS_CGROUP_OOM_KILLS_H_
