#ifndef REEVE_AGENT_API_PROCESS_LIMITS_CONVERT_H_
#define REEVE_AGENT_API_PROCESS_LIMITS_CONVERT_H_

#include "absl/status/status.h"
#include "agent/api/task_service.pb.h"
#include "enforcement/spec/resource_limits.h"

namespace reeve {

// The part of the limits that each process keeps: sets it, where there is any.

// kInvalidArgument for a policy or an rlimit that there is not.
absl::Status ProcessLimitsFromProto(const v1::Limits& message,
                                    ResourceLimits* limits);

void ProcessLimitsToProto(const ResourceLimits& limits, v1::Limits* message);

}  // namespace reeve

#endif  // REEVE_AGENT_API_PROCESS_LIMITS_CONVERT_H_
