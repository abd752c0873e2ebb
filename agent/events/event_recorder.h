#ifndef REEVE_AGENT_EVENTS_EVENT_RECORDER_H_
#define REEVE_AGENT_EVENTS_EVENT_RECORDER_H_

#include "agent/events/event_log.h"
#include "agent/events/task_event.h"
#include "agent/tasks/task_observer.h"

namespace reeve {

// Appends to the log what happens to tasks. Thread-safe.
class EventRecorder final : public TaskObserver {
 public:
  // `log` must outlive the recorder.
  explicit EventRecorder(EventLog& log) : log_(log) {}

  void OnEvent(const TaskEvent& event) override { log_.Append(event); }

 private:
  EventLog& log_;
};

}  // namespace reeve

#endif  // REEVE_AGENT_EVENTS_EVENT_RECORDER_H_
