#ifndef REEVE_AGENT_EVENTS_EVENT_TYPE_H_
#define REEVE_AGENT_EVENTS_EVENT_TYPE_H_

#include <optional>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace reeve {

// What can happen to a task or a group. The numbers are those of EventType in
// task_service.proto.
enum class EventType {
  // Events that a reader asked for are not there any more. Never in the log:
  // each reader is told for itself.
  kLost = 1,
  kCreated = 2,
  kStarted = 3,
  kStartFailed = 4,
  kLimitsUpdated = 5,
  kUpdateFailed = 6,
  kThrottled = 7,
  kUnthrottled = 8,
  kOomKill = 9,
  kPaused = 10,
  kResumed = 11,
  kStopping = 12,
  kExited = 13,
  kRestarting = 14,
  kAdopted = 15,
  kShimLost = 16,
  kRemoved = 17,
  kGroupCreated = 18,
  kGroupUpdated = 19,
  kGroupRemoved = 20,
  kExecStarted = 21,
  kExecExited = 22,
  kPolicyAction = 23,
  kTaskFileFailed = 24,
  kTaskFileApplied = 25,
};

// Every type, in the order of the numbers.
absl::Span<const EventType> AllEventTypes();

// "oom_kill": as in the label of reeve_events_total.
absl::string_view EventTypeName(EventType type);

// The type with that name, in whatever case and with '-' for '_'; nullopt if
// there is none.
std::optional<EventType> ParseEventType(absl::string_view name);

}  // namespace reeve

#endif  // REEVE_AGENT_EVENTS_EVENT_TYPE_H_
