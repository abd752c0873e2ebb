#include "collectors/cgroup/pids_events.h"

#include <optional>

#include "absl/status/status.h"
#include "base/flat_keyed.h"

namespace reeve {

absl::StatusOr<uint64_t> ParseForkFailures(absl::string_view contents) {
  std::optional<uint64_t> max;
  const absl::Status scanned = ScanFlatKeyed(contents, {{"max", &max}});
  if (!scanned.ok()) return scanned;
  if (!max.has_value()) return absl::DataLossError("max is missing");
  return *max;
}

}  // namespace reeve
