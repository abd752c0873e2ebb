#ifndef REEVE_AGENT_API_CALL_THREADS_H_
#define REEVE_AGENT_API_CALL_THREADS_H_

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"

namespace reeve {

// Threads for calls that last, so that those take none of the server's: each
// has one of its own, and there is a limit to them. Calls of different kinds
// have limits of their own, so that none keeps another out. Thread-safe.
class CallThreads {
 public:
  static constexpr int kMaxThreads = 256;

  // `calls` names them in an error, such as "commands run in tasks"; `name` is
  // that of the threads, at most 15 characters (pthread_setname_np(3)).
  CallThreads(const char* name, std::string calls)
      : name_(name), calls_(std::move(calls)) {}

  // Runs `call` on a new thread, which nobody waits for. kResourceExhausted,
  // and nothing runs, if there are kMaxThreads.
  absl::Status Start(std::function<void()> call);

 private:
  const char* const name_;
  const std::string calls_;
  // Shared with the threads, which end after their calls.
  const std::shared_ptr<std::atomic<int>> running_ =
      std::make_shared<std::atomic<int>>(0);
};

}  // namespace reeve

#endif  // REEVE_AGENT_API_CALL_THREADS_H_
