#ifndef REEVE_AGENT_TASKS_HANGUP_WATCHER_H_
#define REEVE_AGENT_TASKS_HANGUP_WATCHER_H_

#include <cstdint>
#include <functional>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/unique_fd.h"

namespace reeve {

// Waits on one thread until descriptors hang up: the read end of a fifo whose
// last writer is gone, or a pidfd whose process has ended. Thread-safe.
class HangupWatcher {
 public:
  HangupWatcher() = default;
  ~HangupWatcher();
  HangupWatcher(const HangupWatcher&) = delete;
  HangupWatcher& operator=(const HangupWatcher&) = delete;

  absl::Status Start();
  // Ends the thread after the callback it is in; the descriptors that are
  // still watched are closed and their callbacks never run.
  void Stop();

  // Calls `on_hangup` once on the watcher's thread, then closes `fd`. A
  // descriptor that has hung up already is reported at once.
  absl::Status Watch(UniqueFd fd, std::function<void()> on_hangup);

 private:
  struct Entry {
    UniqueFd fd;
    std::function<void()> on_hangup;
  };

  void Run();
  void Dispatch(uint64_t key);

  UniqueFd epoll_;
  UniqueFd stop_event_;
  std::thread thread_;
  absl::Mutex mutex_;
  uint64_t next_key_ ABSL_GUARDED_BY(mutex_) = 1;
  absl::flat_hash_map<uint64_t, Entry> entries_ ABSL_GUARDED_BY(mutex_);
};

// Whether `fd` hangs up within `timeout`: for a caller with one descriptor and
// nothing else to do, who is woken by the kernel and not by another thread.
bool HangsUp(const UniqueFd& fd, absl::Duration timeout);

}  // namespace reeve

#endif  // REEVE_AGENT_TASKS_HANGUP_WATCHER_H_
