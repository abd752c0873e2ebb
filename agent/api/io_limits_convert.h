#ifndef REEVE_AGENT_API_IO_LIMITS_CONVERT_H_
#define REEVE_AGENT_API_IO_LIMITS_CONVERT_H_

#include "agent/api/task_service.pb.h"
#include "collectors/task_target.h"
#include "enforcement/spec/resource_limits.h"

namespace reeve {

// The part of limits_convert.h for input and output. 0 is no limit in a
// message.

void IoFromProto(const v1::Limits& message, ResourceLimits* limits);

void IoToProto(const ResourceLimits& limits, v1::Limits* message);
void IoToProto(const LimitValues& limits, v1::Limits* message);

}  // namespace reeve

#endif  // REEVE_AGENT_API_IO_LIMITS_CONVERT_H_
