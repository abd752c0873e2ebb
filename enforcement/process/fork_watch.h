#ifndef REEVE_ENFORCEMENT_PROCESS_FORK_WATCH_H_
#define REEVE_ENFORCEMENT_PROCESS_FORK_WATCH_H_

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <vector>

#include "absl/time/time.h"
#include "base/clock.h"

namespace reeve {

// What a thread does, at one instant.
struct ThreadActivity {
  pid_t tid = 0;
  // As in ThreadStat.
  char state = '?';
  // CPU time that it has used.
  absl::Duration run_time;
};

// Tells when every fork that was under way at some instant has ended. A child
// has its parent's limits from the beginning of a fork, and is not to be seen
// before the end: who sets a limit on all must look again after that.
// Thread-compatible.
class ForkWatch {
 public:
  // CPU time after which a thread is taken to be out of a fork that it may have
  // been in. It copies some gigabytes in that.
  static constexpr absl::Duration kForkRunTime = absl::Milliseconds(10);
  // The same for one that makes no progress, such as in a sleep that nothing
  // interrupts.
  static constexpr absl::Duration kPatience = absl::Milliseconds(250);

  // `clock` must outlive the watch.
  explicit ForkWatch(const Clock& clock) : clock_(clock) {}

  // Now is the instant.
  void Begin();

  // Whether no thread can be in a fork that it was in at Begin(), given what
  // all threads do now.
  bool HasSettled(const std::vector<ThreadActivity>& threads);

 private:
  const Clock& clock_;
  absl::Duration began_;
  bool has_looked_ = false;
  // CPU time at the first look of those that may be in a fork.
  std::map<pid_t, absl::Duration> suspects_;
};

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_PROCESS_FORK_WATCH_H_
