#ifndef REEVE_AGENT_EVENTS_TASK_EVENT_H_
#define REEVE_AGENT_EVENTS_TASK_EVENT_H_

#include <string>
#include <utility>
#include <vector>

#include "agent/events/event_type.h"

namespace reeve {

// What is told with an event: "code" is "137".
using EventAttributes = std::vector<std::pair<std::string, std::string>>;

// Something that has just happened to a task, or to a group.
struct TaskEvent {
  EventType type;
  // Empty for what happens to a group.
  std::string task;
  // Empty for a task without one.
  std::string group;
  EventAttributes attributes = {};
};

}  // namespace reeve

#endif  // REEVE_AGENT_EVENTS_TASK_EVENT_H_
