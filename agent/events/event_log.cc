#include "agent/events/event_log.h"

#include <sys/random.h>

#include <algorithm>
#include <string>
#include <utility>

namespace reeve {
namespace {

constexpr size_t kMaxText = 1024;
constexpr size_t kMaxAttributes = 64;

uint64_t RandomId() {
  uint64_t id = 0;
  while (id == 0) {
    if (getrandom(&id, sizeof(id), 0) != sizeof(id)) id = 0;
  }
  return id;
}

// Cuts where a character of UTF-8 begins: what is sent must be text.
void Cut(std::string* text) {
  if (text->size() <= kMaxText) return;
  size_t end = kMaxText;
  while (end > 0 && (static_cast<unsigned char>((*text)[end]) & 0xC0) == 0x80) {
    --end;
  }
  text->resize(end);
  text->shrink_to_fit();
}

void Bound(TaskEvent* event) {
  if (event->attributes.size() > kMaxAttributes) {
    event->attributes.resize(kMaxAttributes);
  }
  Cut(&event->task);
  Cut(&event->group);
  for (auto& [key, value] : event->attributes) {
    Cut(&key);
    Cut(&value);
  }
}

size_t SizeOf(const TaskEvent& event) {
  size_t size = event.task.size() + event.group.size();
  for (const auto& [key, value] : event.attributes) {
    size += key.size() + value.size();
  }
  return size;
}

}  // namespace

EventLog::EventLog(const Clock& clock, Limits limits)
    : clock_(clock), limits_(limits), stream_id_(RandomId()) {}

void EventLog::Append(TaskEvent event) {
  Bound(&event);
  const size_t size = SizeOf(event);
  auto logged = std::make_shared<LoggedEvent>();
  logged->event = std::move(event);
  // Freed without the lock.
  std::vector<std::shared_ptr<const LoggedEvent>> dropped;
  absl::MutexLock lock(&mutex_);
  if (is_closed_) return;
  // With the lock, so that the times are in the order of the numbers.
  logged->time = clock_.WallNow();
  logged->sequence = ++last_;
  events_.push_back(std::move(logged));
  bytes_ += size;
  while (events_.size() > limits_.max_events || bytes_ > limits_.max_bytes) {
    bytes_ -= SizeOf(events_.front()->event);
    dropped.push_back(std::move(events_.front()));
    events_.pop_front();
  }
  news_.SignalAll();
}

uint64_t EventLog::last_sequence() const {
  absl::MutexLock lock(&mutex_);
  return last_;
}

uint64_t EventLog::first_sequence() const {
  absl::MutexLock lock(&mutex_);
  return last_ + 1 - events_.size();
}

EventLog::Batch EventLog::ReadAfter(uint64_t after, size_t max) const {
  Batch batch;
  absl::MutexLock lock(&mutex_);
  const uint64_t first = last_ + 1 - events_.size();
  if (after + 1 < first) batch.lost = first - after - 1;
  const uint64_t begin = std::max(after + 1, first) - first;
  for (size_t i = begin; i < events_.size() && batch.events.size() < max; ++i) {
    batch.events.push_back(events_[i]);
  }
  batch.is_last = is_closed_ && begin + batch.events.size() >= events_.size();
  return batch;
}

bool EventLog::AwaitNews(uint64_t after) {
  absl::MutexLock lock(&mutex_);
  while (last_ <= after && !is_closed_) news_.Wait(&mutex_);
  return !is_closed_;
}

void EventLog::Close() {
  absl::MutexLock lock(&mutex_);
  is_closed_ = true;
  news_.SignalAll();
}

}  // namespace reeve
