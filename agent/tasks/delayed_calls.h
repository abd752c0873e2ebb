#ifndef REEVE_AGENT_TASKS_DELAYED_CALLS_H_
#define REEVE_AGENT_TASKS_DELAYED_CALLS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace reeve {

// Makes calls after a time, in the order in which they are due. One that takes
// long holds up no other: further threads are started for those, which stay.
// Thread-safe.
class DelayedCalls {
 public:
  using Call = std::function<void()>;

  // So many calls may be under way at once; more wait for one to end.
  static constexpr size_t kMaxThreads = 16;

  DelayedCalls() = default;
  ~DelayedCalls();
  DelayedCalls(const DelayedCalls&) = delete;
  DelayedCalls& operator=(const DelayedCalls&) = delete;

  void Start();
  // Ends the threads after the calls they are in; those that are still to come
  // are never made.
  void Stop();

  // Makes `call` once `delay` has passed, at once if that is not positive.
  // Returns a key for Cancel(), never 0.
  uint64_t Schedule(absl::Duration delay, Call call);

  // Whether the call will not be made; false if it was, is being made, or was
  // cancelled before.
  bool Cancel(uint64_t key);

 private:
  using Due = std::pair<absl::Time, uint64_t>;

  void Run();
  // Waits for the first call to be due; an empty one if it is time to end.
  Call Next();
  void StartThread() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  absl::Mutex mutex_;
  std::vector<std::thread> threads_ ABSL_GUARDED_BY(mutex_);
  // Threads that wait for a call.
  size_t idle_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  uint64_t next_key_ ABSL_GUARDED_BY(mutex_) = 1;
  std::map<Due, Call> calls_ ABSL_GUARDED_BY(mutex_);
  // What `calls_` has for a key.
  std::map<uint64_t, absl::Time> times_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace reeve

#endif  // REEVE_AGENT_TASKS_DELAYED_CALLS_H_
