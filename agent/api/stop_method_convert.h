#ifndef REEVE_AGENT_API_STOP_METHOD_CONVERT_H_
#define REEVE_AGENT_API_STOP_METHOD_CONVERT_H_

#include "absl/status/statusor.h"
#include "agent/api/task_service.pb.h"
#include "enforcement/spec/stop_method.h"

namespace reeve {

// The fields of a task spec that say how it is stopped. kInvalidArgument for a
// signal that there is not.
absl::StatusOr<StopMethod> StopMethodFromProto(const v1::TaskSpec& spec);

// Fields that are as by default are left out.
void StopMethodToProto(const StopMethod& method, v1::TaskSpec* spec);

// The same of an update, where a field that says nothing is the default again.
absl::StatusOr<StopMethodChange> StopMethodChangeFromProto(
    const v1::UpdateRequest& request);

}  // namespace reeve

#endif  // REEVE_AGENT_API_STOP_METHOD_CONVERT_H_
