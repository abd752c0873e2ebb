#ifndef REEVE_AGENT_API_CONVERT_H_
#define REEVE_AGENT_API_CONVERT_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "agent/api/task_service.pb.h"
#include "agent/api/time_convert.h"
#include "collectors/snapshot.h"
#include "enforcement/cgroup/limit_setting.h"
#include "enforcement/exit_status.h"
#include "enforcement/spec/task_spec.h"

namespace reeve {

// Between the messages of the control API and the values behind them. Nothing
// here looks at the host.

// kInvalidArgument for an isolation that is not built in, for limits that
// contradict each other, and for a signal that there is not.
absl::StatusOr<TaskSpec> SpecFromProto(const v1::TaskSpec& message);

v1::TaskSpec ToProto(const TaskSpec& spec);
v1::LimitSetting ToProto(const LimitSetting& setting);
v1::ExitStatus ToProto(const ExitStatus& exit);
v1::Usage UsageToProto(const TaskSnapshot& snapshot);
v1::ProcessUsage ToProto(const ProcessSnapshot& process);

// The directories that there are, by controller, and the v2 hierarchy's as
// "unified".
std::vector<std::pair<std::string, CgroupDir>> ByController(
    const CgroupDirs& dirs);

// How a task ended, as a record of it says.
ExitStatus ExitStatusFromProto(const v1::ExitStatus& message);

}  // namespace reeve

#endif  // REEVE_AGENT_API_CONVERT_H_
