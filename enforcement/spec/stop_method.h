#ifndef REEVE_ENFORCEMENT_SPEC_STOP_METHOD_H_
#define REEVE_ENFORCEMENT_SPEC_STOP_METHOD_H_

#include <csignal>
#include <optional>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace reeve {

// How a task is stopped where whoever stops it does not say.
struct StopMethod {
  static constexpr int kDefaultSignal = SIGINT;
  static constexpr absl::Duration kDefaultGrace = absl::Seconds(10);

  // Asks its main process to end.
  int signal = kDefaultSignal;
  // After it, all that is left of the task is killed.
  absl::Duration grace = kDefaultGrace;

  bool operator==(const StopMethod& other) const {
    return signal == other.signal && grace == other.grace;
  }
};

// What is to be different; what is absent is left alone.
struct StopMethodChange {
  std::optional<int> signal;
  std::optional<absl::Duration> grace;

  bool empty() const { return !signal && !grace; }
};

StopMethod ChangedStopMethod(StopMethod method, const StopMethodChange& change);

// kInvalidArgument unless it is 0 to 24 hours.
absl::Status ValidateGrace(absl::Duration grace);

// kInvalidArgument for a signal that is none and for what no grace can be.
absl::Status ValidateStopMethod(const StopMethod& method);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SPEC_STOP_METHOD_H_
