#ifndef REEVE_AGENT_API_NATIVE_CONVERT_H_
#define REEVE_AGENT_API_NATIVE_CONVERT_H_

#include "absl/status/statusor.h"
#include "agent/api/task_service.pb.h"
#include "enforcement/spec/isolation.h"

namespace reeve {

// What a spec says of executor and isolation. kInvalidArgument, naming the
// field, for a text that stands for nothing.
absl::StatusOr<IsolationSpec> IsolationFromProto(const v1::TaskSpec& message);

v1::Mount ToProto(const MountSpec& mount);
v1::Device ToProto(const DeviceSpec& device);

// Sets the fields that IsolationFromProto() reads.
void IsolationToProto(const IsolationSpec& isolation, v1::TaskSpec* message);

}  // namespace reeve

#endif  // REEVE_AGENT_API_NATIVE_CONVERT_H_
