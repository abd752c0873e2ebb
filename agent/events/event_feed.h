#ifndef REEVE_AGENT_EVENTS_EVENT_FEED_H_
#define REEVE_AGENT_EVENTS_EVENT_FEED_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "agent/events/event_log.h"

namespace reeve {

// Tells any number of readers of news in the log, on one thread, so that
// neither who appends nor a thread for each reader has to. Thread-safe.
class EventFeed {
 public:
  // There was news, or the log was closed: look. May be called without need.
  using Callback = std::function<void()>;

  // `log` must outlive the feed.
  explicit EventFeed(EventLog& log, size_t max_subscribers = 256)
      : log_(log), max_subscribers_(max_subscribers) {}
  ~EventFeed();
  EventFeed(const EventFeed&) = delete;
  EventFeed& operator=(const EventFeed&) = delete;

  // Calls `on_news` from now on, on the feed's thread, which is started with
  // the first subscriber. The callback must not wait for anything and not call
  // the feed. Returns a key for Unsubscribe(). kResourceExhausted if there are
  // as many as there may be, kUnavailable after Stop().
  absl::StatusOr<uint64_t> Subscribe(Callback on_news);

  // Whether all have unsubscribed, or do before `deadline`.
  bool AwaitNoSubscribers(absl::Time deadline);

  // After this the callback is neither called nor being called.
  void Unsubscribe(uint64_t key);

  // Closes the log, tells the subscribers so and ends the thread.
  void Stop();

 private:
  void Run();
  void TellAll();

  EventLog& log_;
  const size_t max_subscribers_;
  absl::Mutex mutex_;
  bool is_stopped_ ABSL_GUARDED_BY(mutex_) = false;
  uint64_t next_key_ ABSL_GUARDED_BY(mutex_) = 1;
  std::map<uint64_t, Callback> subscribers_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace reeve

#endif  // REEVE_AGENT_EVENTS_EVENT_FEED_H_
