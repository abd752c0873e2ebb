#include "agent/http/bounded_worker.h"

#include <pthread.h>

#include <utility>

namespace reeve {

BoundedWorker::BoundedWorker(std::string name, size_t capacity)
    : name_(std::move(name)), capacity_(capacity) {}

BoundedWorker::~BoundedWorker() { Stop(); }

bool BoundedWorker::Submit(std::function<void()> work) {
  absl::MutexLock lock(&mutex_);
  if (is_stopped_ || waiting_.size() >= capacity_) return false;
  waiting_.push_back(std::move(work));
  if (!thread_.joinable()) {
    thread_ = std::thread([this] { Run(); });
    pthread_setname_np(thread_.native_handle(), name_.c_str());
  }
  return true;
}

void BoundedWorker::Stop() {
  std::thread thread;
  {
    absl::MutexLock lock(&mutex_);
    is_stopped_ = true;
    waiting_.clear();
    thread = std::move(thread_);
  }
  if (thread.joinable()) thread.join();
}

void BoundedWorker::Run() {
  while (true) {
    std::function<void()> work;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(
          +[](BoundedWorker* self) ABSL_EXCLUSIVE_LOCKS_REQUIRED(self->mutex_) {
            return self->is_stopped_ || !self->waiting_.empty();
          },
          this));
      if (is_stopped_) return;
      work = std::move(waiting_.front());
      waiting_.pop_front();
    }
    work();
  }
}

}  // namespace reeve
