#ifndef REEVE_TESTS_ENFORCEMENT_CGROUP_PLANNED_WRITES_H_
#define REEVE_TESTS_ENFORCEMENT_CGROUP_PLANNED_WRITES_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "enforcement/cgroup/limit_planner.h"

namespace reeve {

// "FILE=VALUE" of what a plan has to write, or the error alone.
inline std::vector<std::string> WritesOf(
    const absl::StatusOr<std::vector<PlannedLimit>>& plan) {
  if (!plan.ok()) return {std::string(plan.status().message())};
  std::vector<std::string> writes;
  for (const PlannedLimit& limit : *plan) {
    if (limit.needs_write) {
      writes.push_back(absl::StrCat(limit.file, "=", limit.value));
    }
  }
  return writes;
}

}  // namespace reeve

#endif  // REEVE_TESTS_ENFORCEMENT_CGROUP_PLANNED_WRITES_H_
