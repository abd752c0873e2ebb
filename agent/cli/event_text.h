#ifndef REEVE_AGENT_CLI_EVENT_TEXT_H_
#define REEVE_AGENT_CLI_EVENT_TEXT_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "agent/api/task_service.pb.h"

namespace reeve {

// One line of `reeve events`: time, sequence number, task (or "@GROUP"), type
// and what else is known, in columns. Ends with a line break; whatever an
// attribute holds is on that line.
std::string EventLine(const v1::Event& event, absl::TimeZone zone);

// The type of the name "oom_kill", in whatever case and with '-' for '_'.
// kInvalidArgument, listing all, for anything else.
absl::StatusOr<v1::EventType> EventTypeFromText(absl::string_view name);

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_EVENT_TEXT_H_
