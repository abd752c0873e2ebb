#include "agent/api/event_convert.h"

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "agent/api/convert.h"
#include "base/utf8.h"

namespace reeve {
namespace {

v1::EventType ToProto(EventType type) {
  return static_cast<v1::EventType>(type);
}

v1::Event MakeEvent(v1::EventType type, uint64_t sequence, uint64_t stream_id,
                    absl::Time time) {
  v1::Event event;
  event.set_sequence(sequence);
  event.set_stream_id(stream_id);
  *event.mutable_time() = reeve::ToProto(time);
  event.set_type(type);
  return event;
}

}  // namespace

v1::Event ToProto(const LoggedEvent& event, uint64_t stream_id) {
  v1::Event proto = MakeEvent(ToProto(event.event.type), event.sequence,
                              stream_id, event.time);
  proto.set_task(event.event.task);
  proto.set_group(event.event.group);
  for (const auto& [key, value] : event.event.attributes) {
    (*proto.mutable_attributes())[key] = Utf8Text(value);
  }
  return proto;
}

v1::Event LostEvent(uint64_t lost, uint64_t sequence, uint64_t stream_id,
                    absl::Time now) {
  v1::Event event = MakeEvent(v1::EVENT_TYPE_LOST, sequence, stream_id, now);
  (*event.mutable_attributes())["lost"] = absl::StrCat(lost);
  return event;
}

v1::Event BeganAnewEvent(uint64_t stream_id, absl::Time now) {
  v1::Event event = MakeEvent(v1::EVENT_TYPE_LOST, 0, stream_id, now);
  (*event.mutable_attributes())["reason"] = "the agent was started anew";
  return event;
}

bool IsWanted(const TaskEvent& event, const v1::EventsRequest& request) {
  if (request.task_size() > 0 &&
      !absl::c_linear_search(request.task(), event.task)) {
    return false;
  }
  if (request.type_size() > 0 &&
      !absl::c_linear_search(request.type(), static_cast<int>(event.type))) {
    return false;
  }
  return request.group().empty() || request.group() == event.group;
}

}  // namespace reeve
