#ifndef REEVE_AGENT_SPEC_CHANGE_PLAN_H_
#define REEVE_AGENT_SPEC_CHANGE_PLAN_H_

#include <string>
#include <vector>

#include "agent/api/task_service.pb.h"
#include "agent/spec/limit_difference.h"

namespace reeve {

// What makes a task one of another spec.
struct ChangePlan {
  enum class Kind {
    kNothing,
    kUpdate,   // While it runs.
    kRestart,  // Stopped, and launched with the new spec.
    kLaunch,   // There is no such task.
  };

  Kind kind = Kind::kNothing;
  // What differs: all of it, be it a reason for a restart or not. Fields that
  // are not limits have no texts.
  std::vector<FieldChange> changes;
  // Of an update, without the id.
  v1::UpdateRequest update;
  // Of a restart: the fields that only a launch can change, "command, env".
  std::string reason;
};

// Both as NormalSpec() has them; `current` is that of a task, with the limits
// that were asked for last, or null if there is none. Ids are not compared, nor
// is what only matters at a launch: `after` and `origin`. An isolation of
// "auto" is whatever the task has.
ChangePlan PlanChange(const v1::TaskSpec* current, const v1::TaskSpec& wanted,
                      const DeviceKey& device_key = HostDeviceKey);

}  // namespace reeve

#endif  // REEVE_AGENT_SPEC_CHANGE_PLAN_H_
