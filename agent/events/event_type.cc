#include "agent/events/event_type.h"

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_replace.h"

namespace reeve {
namespace {

constexpr EventType kAll[] = {
    EventType::kLost,
    EventType::kCreated,
    EventType::kStarted,
    EventType::kStartFailed,
    EventType::kLimitsUpdated,
    EventType::kUpdateFailed,
    EventType::kThrottled,
    EventType::kUnthrottled,
    EventType::kOomKill,
    EventType::kPaused,
    EventType::kResumed,
    EventType::kStopping,
    EventType::kExited,
    EventType::kRestarting,
    EventType::kAdopted,
    EventType::kShimLost,
    EventType::kRemoved,
    EventType::kGroupCreated,
    EventType::kGroupUpdated,
    EventType::kGroupRemoved,
    EventType::kExecStarted,
    EventType::kExecExited,
    EventType::kPolicyAction,
    EventType::kTaskFileFailed,
    EventType::kTaskFileApplied,
};

}  // namespace

absl::Span<const EventType> AllEventTypes() { return kAll; }

absl::string_view EventTypeName(EventType type) {
  switch (type) {
    case EventType::kLost:
      return "lost";
    case EventType::kCreated:
      return "created";
    case EventType::kStarted:
      return "started";
    case EventType::kStartFailed:
      return "start_failed";
    case EventType::kLimitsUpdated:
      return "limits_updated";
    case EventType::kUpdateFailed:
      return "update_failed";
    case EventType::kThrottled:
      return "throttled";
    case EventType::kUnthrottled:
      return "unthrottled";
    case EventType::kOomKill:
      return "oom_kill";
    case EventType::kPaused:
      return "paused";
    case EventType::kResumed:
      return "resumed";
    case EventType::kStopping:
      return "stopping";
    case EventType::kExited:
      return "exited";
    case EventType::kRestarting:
      return "restarting";
    case EventType::kAdopted:
      return "adopted";
    case EventType::kShimLost:
      return "shim_lost";
    case EventType::kRemoved:
      return "removed";
    case EventType::kGroupCreated:
      return "group_created";
    case EventType::kGroupUpdated:
      return "group_updated";
    case EventType::kGroupRemoved:
      return "group_removed";
    case EventType::kExecStarted:
      return "exec_started";
    case EventType::kExecExited:
      return "exec_exited";
    case EventType::kPolicyAction:
      return "policy_action";
    case EventType::kTaskFileFailed:
      return "task_file_failed";
    case EventType::kTaskFileApplied:
      return "task_file_applied";
  }
  return "unknown";
}

std::optional<EventType> ParseEventType(absl::string_view name) {
  const std::string wanted =
      absl::StrReplaceAll(absl::AsciiStrToLower(name), {{"-", "_"}});
  for (const EventType type : kAll) {
    if (EventTypeName(type) == wanted) return type;
  }
  return std::nullopt;
}

}  // namespace reeve
