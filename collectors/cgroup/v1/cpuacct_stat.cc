#include "collectors/cgroup/v1/cpuacct_stat.h"

#include <optional>

#include "absl/status/status.h"
#include "base/flat_keyed.h"

namespace reeve {

absl::StatusOr<CpuacctStatV1> ParseCpuacctStatV1(absl::string_view contents) {
  std::optional<uint64_t> user;
  std::optional<uint64_t> system;
  const absl::Status scanned =
      ScanFlatKeyed(contents, {{"user", &user}, {"system", &system}});
  if (!scanned.ok()) return scanned;
  if (!user.has_value() || !system.has_value()) {
    return absl::DataLossError("user or system is missing");
  }
  return CpuacctStatV1{*user, *system};
}

}  // namespace reeve
