#ifndef REEVE_AGENT_SPEC_NORMAL_SPEC_H_
#define REEVE_AGENT_SPEC_NORMAL_SPEC_H_

#include "absl/status/statusor.h"
#include "agent/api/task_service.pb.h"

namespace reeve {

// `spec` as an agent shows it of a task that was launched with it, but for an
// `isolation` of "auto", which stays. kInvalidArgument, naming the field, for
// anything that can be told wrong without looking at the host.
absl::StatusOr<v1::TaskSpec> NormalSpec(const v1::TaskSpec& spec);

}  // namespace reeve

#endif  // REEVE_AGENT_SPEC_NORMAL_SPEC_H_
