#ifndef REEVE_ENFORCEMENT_CGROUP_CONTROLLER_SURVEY_H_
#define REEVE_ENFORCEMENT_CGROUP_CONTROLLER_SURVEY_H_

#include <optional>
#include <string>
#include <vector>

#include "collectors/cgroup/cgroup_mounts.h"
#include "enforcement/cgroup/parent_offer.h"

namespace reeve {

// What becomes of the limits of one controller below a parent.
struct ControllerState {
  // "cpu", "memory", "pids", "cpuset", "io" (blkio on v1), "hugetlb",
  // "freezer".
  std::string controller;
  // The hierarchy that it is in; absent if it is in none that is mounted.
  std::optional<CgroupHierarchy> hierarchy;
  // Why its limits cannot be enforced as they should: "not_mounted",
  // "read_only", "not_delegated", "has_processes" or "no_swap_accounting".
  // Empty if they can.
  std::string shortfall;
  // The same for people, in one line that says what to do.
  std::string why;
};

// The state of every controller that tasks can have limits of, in that order.
// Changes nothing; thread-safe.
std::vector<ControllerState> SurveyControllers(const CgroupMounts& mounts,
                                               const OfferQuestion& question);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_CONTROLLER_SURVEY_H_
