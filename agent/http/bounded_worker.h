#ifndef REEVE_AGENT_HTTP_BOUNDED_WORKER_H_
#define REEVE_AGENT_HTTP_BOUNDED_WORKER_H_

#include <cstddef>
#include <deque>
#include <functional>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace reeve {

// One thread that does one piece of work after the other, of which only so many
// may wait. There is no thread before the first. Thread-safe.
class BoundedWorker {
 public:
  // `name` is the thread's, of 15 characters at most.
  BoundedWorker(std::string name, size_t capacity);
  // Stops it.
  ~BoundedWorker();
  BoundedWorker(const BoundedWorker&) = delete;
  BoundedWorker& operator=(const BoundedWorker&) = delete;

  // False if too much waits already, or after Stop().
  bool Submit(std::function<void()> work);

  // Waits for what is being done; what has not begun never will.
  void Stop();

 private:
  void Run();

  const std::string name_;
  const size_t capacity_;
  absl::Mutex mutex_;
  std::deque<std::function<void()>> waiting_ ABSL_GUARDED_BY(mutex_);
  bool is_stopped_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace reeve

#endif  // REEVE_AGENT_HTTP_BOUNDED_WORKER_H_
