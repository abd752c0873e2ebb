#ifndef REEVE_ENFORCEMENT_SPEC_RESTART_POLICY_H_
#define REEVE_ENFORCEMENT_SPEC_RESTART_POLICY_H_

#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "enforcement/exit_status.h"

namespace reeve {

// Which ends of a task's main process are followed by another attempt.
enum class RestartWhen {
  kNever,
  kOnFailure,  // Any but exit code 0; an unknown one too.
  kAlways,
};

// When a task is started anew after it has ended by itself. One that was
// stopped is not.
struct RestartPolicy {
  RestartWhen when = RestartWhen::kNever;
  // In a row; nullopt is no bound.
  std::optional<uint32_t> max_restarts;
  // Before the first restart in a row; twice as long before each further one,
  // up to `max_backoff`.
  absl::Duration backoff = absl::Seconds(1);
  absl::Duration max_backoff = absl::Minutes(1);
  // An attempt that lasted this long is a success: the next restart is the
  // first in a row again.
  absl::Duration reset_after = absl::Minutes(10);

  bool enabled() const { return when != RestartWhen::kNever; }
};

// kInvalidArgument for times that make no sense, and for a bound without a
// policy.
absl::Status ValidateRestartPolicy(const RestartPolicy& policy);

// How long to wait before the next attempt, after one that `lasted` so long and
// that came after `in_row` restarts in a row; nullopt if there is to be none.
// Sets *in_row for the next.
std::optional<absl::Duration> NextRestart(const RestartPolicy& policy,
                                          const ExitStatus& exit,
                                          absl::Duration lasted,
                                          uint32_t* in_row);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SPEC_RESTART_POLICY_H_
