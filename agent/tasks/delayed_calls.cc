#include "agent/tasks/delayed_calls.h"

#include <pthread.h>

#include <algorithm>
#include <system_error>
#include <thread>

#include "absl/time/clock.h"

namespace reeve {

DelayedCalls::~DelayedCalls() { Stop(); }

void DelayedCalls::Start() {
  absl::MutexLock lock(&mutex_);
  StartThread();
}

void DelayedCalls::StartThread() {
  try {
    threads_.emplace_back([this] { Run(); });
  } catch (const std::system_error&) {
    // Those that there are go on.
    if (threads_.empty()) throw;
    return;
  }
  pthread_setname_np(threads_.back().native_handle(), "reeve-delays");
}

void DelayedCalls::Stop() {
  std::vector<std::thread> threads;
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    threads.swap(threads_);
  }
  for (std::thread& thread : threads) thread.join();
}

uint64_t DelayedCalls::Schedule(absl::Duration delay, Call call) {
  const absl::Time due = absl::Now() + std::max(delay, absl::ZeroDuration());
  absl::MutexLock lock(&mutex_);
  const uint64_t key = next_key_++;
  calls_.emplace(Due{due, key}, std::move(call));
  times_.emplace(key, due);
  return key;
}

bool DelayedCalls::Cancel(uint64_t key) {
  // Destroyed after the lock is given back: what it holds may call us.
  Call cancelled;
  absl::MutexLock lock(&mutex_);
  const auto time = times_.find(key);
  if (time == times_.end()) return false;
  const auto call = calls_.find({time->second, key});
  cancelled = std::move(call->second);
  calls_.erase(call);
  times_.erase(time);
  return true;
}

DelayedCalls::Call DelayedCalls::Next() {
  absl::MutexLock lock(&mutex_);
  while (!stopping_) {
    const absl::Time due =
        calls_.empty() ? absl::InfiniteFuture() : calls_.begin()->first.first;
    if (due <= absl::Now()) {
      const auto first = calls_.begin();
      Call call = std::move(first->second);
      times_.erase(first->first.second);
      calls_.erase(first);
      // The next call finds a thread, whatever becomes of this one.
      if (idle_ == 0 && threads_.size() < kMaxThreads) StartThread();
      return call;
    }
    const auto sooner = [this, due]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return stopping_ ||
             (!calls_.empty() && calls_.begin()->first.first < due);
    };
    ++idle_;
    mutex_.AwaitWithDeadline(absl::Condition(&sooner), due);
    --idle_;
  }
  return nullptr;
}

void DelayedCalls::Run() {
  while (const Call call = Next()) call();
}

}  // namespace reeve
