#ifndef REEVE_AGENT_API_LIMITS_CONVERT_H_
#define REEVE_AGENT_API_LIMITS_CONVERT_H_

#include "absl/status/statusor.h"
#include "agent/api/task_service.pb.h"
#include "collectors/task_target.h"
#include "enforcement/spec/resource_limits.h"

namespace reeve {

// Between the limits of the control API and the values behind them. Nothing
// here looks at the host.

// kInvalidArgument for a limit with a value and "unlimited" at once, for a
// period without a CPU limit, for huge pages with neither, and for a policy or
// an rlimit that there is not.
absl::StatusOr<ResourceLimits> LimitsFromProto(const v1::Limits& message);

v1::Limits ToProto(const ResourceLimits& limits);
v1::Limits ToProto(const LimitValues& limits);

}  // namespace reeve

#endif  // REEVE_AGENT_API_LIMITS_CONVERT_H_
