#ifndef REEVE_AGENT_API_EVENT_CONVERT_H_
#define REEVE_AGENT_API_EVENT_CONVERT_H_

#include <cstdint>

#include "absl/time/time.h"
#include "agent/api/task_service.pb.h"
#include "agent/events/event_log.h"

namespace reeve {

v1::Event ToProto(const LoggedEvent& event, uint64_t stream_id);

// `lost` events before the one after number `sequence` are not there.
v1::Event LostEvent(uint64_t lost, uint64_t sequence, uint64_t stream_id,
                    absl::Time now);

// Of the event that the reader saw last, the agent that counted it has ended.
v1::Event BeganAnewEvent(uint64_t stream_id, absl::Time now);

// Whether an event is one of those that `request` asks for.
bool IsWanted(const TaskEvent& event, const v1::EventsRequest& request);

}  // namespace reeve

#endif  // REEVE_AGENT_API_EVENT_CONVERT_H_
