#ifndef REEVE_AGENT_API_POLICY_BOUNDS_CONVERT_H_
#define REEVE_AGENT_API_POLICY_BOUNDS_CONVERT_H_

#include "agent/api/task_service.pb.h"
#include "enforcement/spec/policy_bounds.h"

namespace reeve {

// The fields of a task spec that bind policies.
PolicyBounds PolicyBoundsFromProto(const v1::TaskSpec& spec);
void PolicyBoundsToProto(const PolicyBounds& bounds, v1::TaskSpec* spec);

PolicyBoundsChange PolicyBoundsChangeFromProto(
    const v1::UpdateRequest& request);

}  // namespace reeve

#endif  // REEVE_AGENT_API_POLICY_BOUNDS_CONVERT_H_
