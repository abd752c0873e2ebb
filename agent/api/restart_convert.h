#ifndef REEVE_AGENT_API_RESTART_CONVERT_H_
#define REEVE_AGENT_API_RESTART_CONVERT_H_

#include "agent/api/task_service.pb.h"
#include "enforcement/spec/restart_policy.h"

namespace reeve {

// What is not set is as in RestartPolicy.
RestartPolicy RestartPolicyFromProto(const v1::RestartPolicy& message);

v1::RestartPolicy ToProto(const RestartPolicy& policy);

}  // namespace reeve

#endif  // REEVE_AGENT_API_RESTART_CONVERT_H_
