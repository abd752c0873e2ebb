#include "agent/events/event_feed.h"

#include <pthread.h>

#include <utility>

#include "absl/strings/str_cat.h"

namespace reeve {

EventFeed::~EventFeed() { Stop(); }

absl::StatusOr<uint64_t> EventFeed::Subscribe(Callback on_news) {
  absl::MutexLock lock(&mutex_);
  if (is_stopped_) return absl::UnavailableError("the agent is ending");
  if (subscribers_.size() >= max_subscribers_) {
    return absl::ResourceExhaustedError(
        absl::StrCat("events are followed by ", max_subscribers_,
                     " others already: end one of them first"));
  }
  if (!thread_.joinable()) {
    thread_ = std::thread([this] { Run(); });
    pthread_setname_np(thread_.native_handle(), "reeve-events");
  }
  subscribers_[next_key_] = std::move(on_news);
  return next_key_++;
}

void EventFeed::Unsubscribe(uint64_t key) {
  absl::MutexLock lock(&mutex_);
  subscribers_.erase(key);
}

bool EventFeed::AwaitNoSubscribers(absl::Time deadline) {
  const auto none = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return subscribers_.empty();
  };
  absl::MutexLock lock(&mutex_);
  return mutex_.AwaitWithDeadline(absl::Condition(&none), deadline);
}

void EventFeed::Stop() {
  std::thread thread;
  {
    absl::MutexLock lock(&mutex_);
    is_stopped_ = true;
    thread = std::move(thread_);
  }
  log_.Close();
  if (thread.joinable()) thread.join();
}

// What is appended while the others are told is found by the next wait, and
// what was appended while the thread began by the first.
void EventFeed::Run() {
  bool goes_on = true;
  uint64_t told = 0;
  while (goes_on) {
    goes_on = log_.AwaitNews(told);
    told = log_.last_sequence();
    TellAll();
  }
}

void EventFeed::TellAll() {
  absl::MutexLock lock(&mutex_);
  for (const auto& [key, on_news] : subscribers_) on_news();
}

}  // namespace reeve
