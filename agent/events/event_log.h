#ifndef REEVE_AGENT_EVENTS_EVENT_LOG_H_
#define REEVE_AGENT_EVENTS_EVENT_LOG_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "agent/events/task_event.h"
#include "base/clock.h"

namespace reeve {

// An event as it stands in the log. Immutable.
struct LoggedEvent {
  // Counts from 1 with the start of the agent, without gaps.
  uint64_t sequence;
  absl::Time time;
  TaskEvent event;
};

// The latest events, bounded in number and in memory: the oldest make room.
// Thread-safe. Appending waits for no reader; a reader has a position of its
// own and is told what it missed.
class EventLog {
 public:
  struct Limits {
    size_t max_events = 10'000;
    // Of texts, over all events.
    size_t max_bytes = 8 << 20;
  };

  struct Batch {
    // In order, without gaps.
    std::vector<std::shared_ptr<const LoggedEvent>> events;
    // How many behind the reader's position are not there any more.
    uint64_t lost = 0;
    // Close() was called, and nothing comes after `events`.
    bool is_last = false;
  };

  // `clock` must outlive the log.
  explicit EventLog(const Clock& clock) : EventLog(clock, Limits()) {}
  EventLog(const Clock& clock, Limits limits);
  EventLog(const EventLog&) = delete;
  EventLog& operator=(const EventLog&) = delete;

  // Random, never 0: tells the numbers of one agent's start from those of
  // another.
  uint64_t stream_id() const { return stream_id_; }

  // Texts longer than 1 KiB are cut, and attributes beyond 64 left out. Nothing
  // is appended after Close().
  void Append(TaskEvent event);

  // Sequence number of the last event; 0 if there was none.
  uint64_t last_sequence() const;
  // Of the oldest event that is there; last_sequence() + 1 if there is none.
  uint64_t first_sequence() const;

  // At most `max` events behind number `after`.
  Batch ReadAfter(uint64_t after, size_t max) const;

  // Waits until there is an event behind number `after`, or Close() is called.
  // False once the log is closed.
  bool AwaitNews(uint64_t after);

  // Ends the log: readers get what there is, and know that it is all.
  void Close();

 private:
  const Clock& clock_;
  const Limits limits_;
  const uint64_t stream_id_;
  mutable absl::Mutex mutex_;
  absl::CondVar news_;
  std::deque<std::shared_ptr<const LoggedEvent>> events_
      ABSL_GUARDED_BY(mutex_);
  size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t last_ ABSL_GUARDED_BY(mutex_) = 0;
  bool is_closed_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace reeve

#endif  // REEVE_AGENT_EVENTS_EVENT_LOG_H_
