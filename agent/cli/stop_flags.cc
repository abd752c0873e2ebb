#include "agent/cli/stop_flags.h"

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/quantity.h"
#include "base/signal_name.h"
#include "enforcement/spec/stop_method.h"

namespace reeve {
namespace {

// Messages name the fields alike.
template <typename Message>
absl::Status SetStopSignal(const std::string& text, Message* message) {
  const absl::StatusOr<int> signal = ParseSignal(text);
  if (signal.ok()) message->set_stop_signal(SignalName(*signal));
  return signal.status();
}

template <typename Message>
absl::Status SetStopGrace(const std::string& text, Message* message) {
  const absl::StatusOr<absl::Duration> grace = ParseDuration(text);
  if (!grace.ok()) return grace.status();
  const int64_t usec = absl::ToInt64Microseconds(*grace);
  if (usec == 0 || !ValidateGrace(*grace).ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(text,
                     ": use 1us to 24h; --stop-signal SIGKILL waits for "
                     "nothing"));
  }
  message->set_stop_grace_usec(static_cast<uint64_t>(usec));
  return absl::OkStatus();
}

constexpr char kHeading[] = "Stops that do not say how";
constexpr char kSignalHelp[] = "What asks its main process to end [SIGINT]";
constexpr char kGraceHelp[] =
    "How long that may take before all of the task is killed [10s]";

}  // namespace

void AddStopFlags(FlagSet* flags, const std::function<v1::TaskSpec*()>& spec) {
  flags->BeginGroup(kHeading);
  flags->AddValue(
      "--stop-signal", "SIGNAL", kSignalHelp,
      [spec](const std::string& text) { return SetStopSignal(text, spec()); });
  flags->AddValue(
      "--stop-grace", "DURATION", kGraceHelp,
      [spec](const std::string& text) { return SetStopGrace(text, spec()); });
}

void AddStopChangeFlags(FlagSet* flags, v1::UpdateRequest* request) {
  flags->BeginGroup(kHeading);
  flags->AddValue("--stop-signal", "SIGNAL", kSignalHelp,
                  [request](const std::string& text) {
                    return SetStopSignal(text, request);
                  });
  flags->AddValue("--stop-grace", "DURATION", kGraceHelp,
                  [request](const std::string& text) {
                    return SetStopGrace(text, request);
                  });
}

}  // namespace reeve
