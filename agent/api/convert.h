#ifndef REEVE_AGENT_API_CONVERT_H_
#define REEVE_AGENT_API_CONVERT_H_

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/timestamp.pb.h>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "agent/api/task_service.pb.h"
#include "collectors/snapshot.h"
#include "enforcement/cgroup/task_cgroup.h"
#include "enforcement/exit_status.h"
#include "enforcement/spec/resource_limits.h"
#include "enforcement/spec/task_spec.h"

namespace reeve {

// Between the messages of the control API and the values behind them. Nothing
// here looks at the host.

// kInvalidArgument for contradictions: a limit with a value and "unlimited",
// an isolation that is not built in, a negative cpus.
absl::StatusOr<TaskSpec> SpecFromProto(const v1::TaskSpec& message);
absl::StatusOr<ResourceLimits> LimitsFromProto(const v1::Limits& message);

v1::TaskSpec ToProto(const TaskSpec& spec);
v1::Limits ToProto(const ResourceLimits& limits);
v1::Limits ToProto(const LimitValues& limits);
v1::LimitSetting ToProto(const LimitSetting& setting);
v1::ExitStatus ToProto(const ExitStatus& exit);
v1::Usage UsageToProto(const TaskSnapshot& snapshot);
v1::ProcessUsage ToProto(const ProcessSnapshot& process);

google::protobuf::Timestamp ToProto(absl::Time time);
absl::Time TimeFromProto(const google::protobuf::Timestamp& timestamp);
absl::Duration DurationFromProto(const google::protobuf::Duration& duration);

}  // namespace reeve

#endif  // REEVE_AGENT_API_CONVERT_H_
