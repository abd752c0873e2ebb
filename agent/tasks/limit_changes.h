#ifndef REEVE_AGENT_TASKS_LIMIT_CHANGES_H_
#define REEVE_AGENT_TASKS_LIMIT_CHANGES_H_

#include <vector>

#include "agent/events/task_event.h"
#include "enforcement/cgroup/limit_setting.h"

namespace reeve {

// What an update has changed, for an event: "memory.max" is
// "67108864 -> 33554432", of what the kernel said. `before` are the settings
// before the update; what is not among them was "unset". A file with a line for
// each device is "io.max 8:0".
EventAttributes LimitChanges(const std::vector<LimitSetting>& before,
                             const std::vector<LimitSetting>& written);

}  // namespace reeve

#endif  // REEVE_AGENT_TASKS_LIMIT_CHANGES_H_
