#ifndef REEVE_ENFORCEMENT_LAUNCH_PLAN_WRITER_H_
#define REEVE_ENFORCEMENT_LAUNCH_PLAN_WRITER_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/unique_fd.h"
#include "enforcement/launch/launch_request.h"

namespace reeve {

// What the shim is to be the parent of.
enum class PlanPurpose {
  kTask,
  kCommand,  // A further one in a running task.
};

// The bytes of enforcement/shim/plan_format.h for `request`, which must have
// all three standard streams. The shim finds the descriptors under the numbers
// that they have here.
std::string EncodePlan(const LaunchRequest& request, PlanPurpose purpose,
                       int status_fd);

// Descriptors that the plan names.
std::vector<int> PlanDescriptors(const LaunchRequest& request, int status_fd);

// A file in memory that holds `plan` and that nobody can change any more.
absl::StatusOr<UniqueFd> SealPlan(const std::string& plan);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_LAUNCH_PLAN_WRITER_H_
