#ifndef REEVE_AGENT_API_LIMIT_UPDATE_CONVERT_H_
#define REEVE_AGENT_API_LIMIT_UPDATE_CONVERT_H_

#include "absl/status/statusor.h"
#include "agent/api/convert.h"
#include "agent/api/task_service.pb.h"
#include "enforcement/cgroup/limit_update.h"
#include "enforcement/cgroup/memory_decrease.h"

namespace reeve {

// Between the messages of an update and the values behind them, for tasks and
// groups alike.

v1::MemoryDecrease ToProto(const MemoryDecrease& decrease);

// From an UpdateRequest or a SetGroupRequest. kInvalidArgument for a timeout
// that is too long.
template <typename Request>
absl::StatusOr<MemoryDecreaseOptions> MemoryDecreaseFromProto(
    const Request& request) {
  MemoryDecreaseOptions options;
  options.force = request.force();
  if (request.has_reclaim_timeout()) {
    options.reclaim_timeout = DurationFromProto(request.reclaim_timeout());
  }
  const absl::Status valid = ValidateMemoryDecrease(options);
  if (!valid.ok()) return valid;
  return options;
}

// To an UpdateResponse or a SetGroupResponse.
template <typename Response>
void AddToProto(const LimitUpdate& update, Response* response) {
  for (const LimitSetting& setting : update.written) {
    *response->add_changed() = ToProto(setting);
  }
  if (update.memory_decrease.has_value()) {
    *response->mutable_memory_decrease() = ToProto(*update.memory_decrease);
  }
}

}  // namespace reeve

#endif  // REEVE_AGENT_API_LIMIT_UPDATE_CONVERT_H_
