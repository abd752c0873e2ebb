#include "collectors/procfs/pid_io.h"

#include <optional>

#include "absl/status/status.h"
#include "base/flat_keyed.h"

namespace reeve {

// rchar: 323934931
// …
// read_bytes: 0
// write_bytes: 323932160
// cancelled_write_bytes: 0
absl::StatusOr<PidIo> ParsePidIo(absl::string_view contents) {
  std::optional<uint64_t> read_bytes;
  std::optional<uint64_t> write_bytes;
  const absl::Status scanned = ScanFlatKeyed(
      contents, {{"read_bytes:", &read_bytes}, {"write_bytes:", &write_bytes}});
  if (!scanned.ok()) return scanned;
  if (!read_bytes.has_value() || !write_bytes.has_value()) {
    return absl::DataLossError("read_bytes or write_bytes is missing");
  }
  return PidIo{*read_bytes, *write_bytes};
}

}  // namespace reeve
