#include "agent/api/events_reactor.h"

#include "absl/time/clock.h"
#include "agent/api/event_convert.h"
#include "agent/api/status_codes.h"

namespace reeve {
namespace {

// Events that are kept for one caller.
constexpr size_t kBatch = 64;

}  // namespace

EventsReactor::EventsReactor(EventLog& log, EventFeed& feed,
                             const v1::EventsRequest& request)
    : log_(log), feed_(feed), request_(request) {
  absl::MutexLock lock(&mutex_);
  ChoosePosition();
}

EventsReactor* EventsReactor::Start(EventLog& log, EventFeed& feed,
                                    const v1::EventsRequest& request) {
  // OnDone() deletes it, and comes after this function has returned.
  auto* const reactor = new EventsReactor(log, feed, request);
  if (request.follow()) {
    const absl::StatusOr<uint64_t> key =
        feed.Subscribe([reactor] { reactor->Advance(); });
    if (!key.ok()) {
      absl::MutexLock lock(&reactor->mutex_);
      reactor->End(ToGrpcStatus(key.status()));
      return reactor;
    }
    reactor->key_ = *key;
  }
  reactor->Advance();
  return reactor;
}

void EventsReactor::ChoosePosition() {
  const uint64_t stream_id = log_.stream_id();
  if (!request_.has_after_sequence()) {
    position_ = log_.first_sequence() - 1;
  } else if ((request_.stream_id() != 0 && request_.stream_id() != stream_id) ||
             request_.after_sequence() > log_.last_sequence()) {
    position_ = log_.first_sequence() - 1;
    batch_.push_back(BeganAnewEvent(stream_id, absl::Now()));
  } else {
    position_ = request_.after_sequence();
  }
}

void EventsReactor::Advance() {
  absl::MutexLock lock(&mutex_);
  if (is_sending_ || has_ended_) return;
  if (batch_.empty() && !Fill()) {
    if (!request_.follow()) return End(grpc::Status::OK);
    if (log_has_ended_) {
      End({grpc::StatusCode::UNAVAILABLE, "the agent is ending"});
    }
    return;
  }
  is_sending_ = true;
  StartWrite(&batch_.front());
}

bool EventsReactor::Fill() {
  while (batch_.empty()) {
    const EventLog::Batch read = log_.ReadAfter(position_, kBatch);
    log_has_ended_ = read.is_last;
    if (read.lost > 0) {
      position_ += read.lost;
      batch_.push_back(
          LostEvent(read.lost, position_, log_.stream_id(), absl::Now()));
    }
    if (read.events.empty()) break;
    for (const auto& event : read.events) {
      if (!IsWanted(event->event, request_)) continue;
      batch_.push_back(ToProto(*event, log_.stream_id()));
    }
    position_ = read.events.back()->sequence;
  }
  return !batch_.empty();
}

void EventsReactor::End(const grpc::Status& status) {
  has_ended_ = true;
  Finish(status);
}

void EventsReactor::OnWriteDone(bool ok) {
  {
    absl::MutexLock lock(&mutex_);
    is_sending_ = false;
    batch_.pop_front();
    if (!ok && !has_ended_) {
      End({grpc::StatusCode::CANCELLED, "the caller is gone"});
    }
  }
  Advance();
}

void EventsReactor::OnCancel() {
  absl::MutexLock lock(&mutex_);
  if (has_ended_) return;
  End({grpc::StatusCode::CANCELLED, "the caller gave up"});
}

void EventsReactor::OnDone() {
  if (key_ != 0) feed_.Unsubscribe(key_);
  delete this;
}

}  // namespace reeve
