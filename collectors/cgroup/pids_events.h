#ifndef REEVE_COLLECTORS_CGROUP_PIDS_EVENTS_H_
#define REEVE_COLLECTORS_CGROUP_PIDS_EVENTS_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace reeve {

// Forks refused by the limit, from `pids.events`, the same file in v1 and v2:
// "max 3\n". kDataLoss if there is no such key or it is not a number.
absl::StatusOr<uint64_t> ParseForkFailures(absl::string_view contents);

}  // namespace reeve

#endif  // REEVE_COLLECTORS_CGROUP_PIDS_EVENTS_H_
