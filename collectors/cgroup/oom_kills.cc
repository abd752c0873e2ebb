#include "collectors/cgroup/oom_kills.h"

#include "absl/status/status.h"
#include "base/flat_keyed.h"

namespace reeve {

absl::StatusOr<std::optional<uint64_t>> ParseOomKills(
    absl::string_view contents) {
  std::optional<uint64_t> oom_kills;
  const absl::Status scanned =
      ScanFlatKeyed(contents, {{"oom_kill", &oom_kills}});
  if (!scanned.ok()) return scanned;
  return oom_kills;
}

}  // namespace reeve
