#include "agent/state/process_identity_text.h"

#include <sys/types.h>

#include <cstdint>
#include <limits>
#include <optional>

#include "absl/strings/strip.h"
#include "base/kernel_number.h"

namespace reeve {
namespace {

std::optional<uint64_t> NumberOfLine(absl::string_view line) {
  if (!absl::ConsumeSuffix(&line, "\n")) return std::nullopt;
  return DecimalFrom(line);
}

}  // namespace

absl::StatusOr<ProcessIdentity> ParseProcessIdentity(
    absl::string_view pid, absl::string_view start_time) {
  const std::optional<uint64_t> number = NumberOfLine(pid);
  const std::optional<uint64_t> ticks = NumberOfLine(start_time);
  if (!number.has_value() || *number == 0 ||
      *number > uint64_t{std::numeric_limits<pid_t>::max()} ||
      !ticks.has_value()) {
    return absl::DataLossError("pid or starttime is not a number");
  }
  return ProcessIdentity{static_cast<pid_t>(*number), *ticks};
}

}  // namespace reeve
