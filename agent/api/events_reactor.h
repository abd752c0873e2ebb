#ifndef REEVE_AGENT_API_EVENTS_REACTOR_H_
#define REEVE_AGENT_API_EVENTS_REACTOR_H_

#include <grpcpp/support/server_callback.h>

#include <cstdint>
#include <deque>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "agent/api/task_service.pb.h"
#include "agent/events/event_feed.h"
#include "agent/events/event_log.h"

namespace reeve {

// Answers one Events call, without a thread of its own. It keeps a position in
// the log and a batch of events, whatever the caller does: one that does not
// read falls behind the log, and is told so when it goes on. Owned by gRPC,
// which deletes it through OnDone().
class EventsReactor final : public grpc::ServerWriteReactor<v1::Event> {
 public:
  // Both must outlive the call.
  static EventsReactor* Start(EventLog& log, EventFeed& feed,
                              const v1::EventsRequest& request);

  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  EventsReactor(EventLog& log, EventFeed& feed,
                const v1::EventsRequest& request);

  void ChoosePosition() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Sends the next event unless one is under way; ends the call when there is
  // nothing to come.
  void Advance() ABSL_LOCKS_EXCLUDED(mutex_);
  // Reads from the log until there is something to send. False if nothing is
  // there.
  bool Fill() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void End(const grpc::Status& status) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  EventLog& log_;
  EventFeed& feed_;
  const v1::EventsRequest request_;
  // Of the subscription; 0 is none. Set before the call is handed to gRPC.
  uint64_t key_ = 0;

  absl::Mutex mutex_;
  // Sequence number of the last event that was read from the log.
  uint64_t position_ ABSL_GUARDED_BY(mutex_) = 0;
  // The front is being sent while is_sending_.
  std::deque<v1::Event> batch_ ABSL_GUARDED_BY(mutex_);
  bool is_sending_ ABSL_GUARDED_BY(mutex_) = false;
  bool log_has_ended_ ABSL_GUARDED_BY(mutex_) = false;
  bool has_ended_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace reeve

#endif  // REEVE_AGENT_API_EVENTS_REACTOR_H_
