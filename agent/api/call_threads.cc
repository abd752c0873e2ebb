#include "agent/api/call_threads.h"

#include <pthread.h>

#include <system_error>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"

namespace reeve {

absl::Status CallThreads::Start(std::function<void()> call) {
  const std::shared_ptr<std::atomic<int>> running = running_;
  if (++*running > kMaxThreads) {
    --*running;
    return absl::ResourceExhaustedError(
        absl::StrCat(kMaxThreads, " ", calls_, ": wait for one to end"));
  }
  try {
    std::thread([running, name = name_, call = std::move(call)] {
      pthread_setname_np(pthread_self(), name);
      call();
      --*running;
    }).detach();
  } catch (const std::system_error& error) {
    --*running;
    return absl::ResourceExhaustedError(
        absl::StrCat("no thread for the call: ", error.what()));
  }
  return absl::OkStatus();
}

}  // namespace reeve
