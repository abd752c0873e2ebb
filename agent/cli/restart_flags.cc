#include "agent/cli/restart_flags.h"

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "agent/cli/duration_proto.h"

namespace reeve {
namespace {

absl::StatusOr<v1::RestartWhen> ParseWhen(absl::string_view text) {
  if (text == "never") return v1::RESTART_WHEN_NEVER;
  if (text == "on-failure") return v1::RESTART_WHEN_ON_FAILURE;
  if (text == "always") return v1::RESTART_WHEN_ALWAYS;
  return absl::InvalidArgumentError(absl::StrCat(
      "\"", text, "\" is none of never, on-failure[:N] and always[:N]"));
}

absl::Status SetRestart(const std::string& text, v1::RestartPolicy* policy) {
  const size_t colon = text.find(':');
  const absl::StatusOr<v1::RestartWhen> when =
      ParseWhen(absl::string_view(text).substr(0, colon));
  if (!when.ok()) return when.status();
  policy->set_when(*when);
  policy->clear_max_restarts();
  if (colon == std::string::npos) return absl::OkStatus();
  const std::string number = text.substr(colon + 1);
  uint32_t restarts = 0;
  if (!absl::SimpleAtoi(number, &restarts) || restarts == 0) {
    return absl::InvalidArgumentError(absl::StrCat(
        "\"", number, "\" is no number of restarts: give 1 to 4294967295"));
  }
  policy->set_max_restarts(restarts);
  return absl::OkStatus();
}

}  // namespace

void AddRestartFlags(FlagSet* flags,
                     const std::function<v1::RestartPolicy*()>& policy) {
  flags->BeginGroup("Restarts, with --detach");
  flags->AddValue(
      "--restart", "WHEN[:N]",
      "Start it anew in its cgroup after it has ended by itself: "
      "never, on-failure, always; after N in a row no more [never]",
      [policy](const std::string& text) { return SetRestart(text, policy()); });
  flags->AddValue("--restart-backoff", "TIME",
                  "Before the first restart in a row; then twice as long each "
                  "time [1s]",
                  [policy](const std::string& text) {
                    return SetDuration(text, policy()->mutable_backoff());
                  });
  flags->AddValue("--restart-max-backoff", "TIME", "At most [1m]",
                  [policy](const std::string& text) {
                    return SetDuration(text, policy()->mutable_max_backoff());
                  });
  flags->AddValue("--restart-reset", "TIME",
                  "An attempt that lasted this long ends the row [10m]",
                  [policy](const std::string& text) {
                    return SetDuration(text, policy()->mutable_reset_after());
                  });
}

}  // namespace reeve
