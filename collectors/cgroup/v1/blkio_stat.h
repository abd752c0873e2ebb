#ifndef REEVE_COLLECTORS_CGROUP_V1_BLKIO_STAT_H_
#define REEVE_COLLECTORS_CGROUP_V1_BLKIO_STAT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace reeve {

// What cgroup v1 counts of one device, by what was done: bytes in
// `blkio.throttle.io_service_bytes_recursive`, requests in
// `blkio.throttle.io_serviced_recursive`.
struct BlkioStat {
  // "8:0".
  std::string device;
  std::optional<uint64_t> read;
  std::optional<uint64_t> write;
  // Since Linux 4.20.
  std::optional<uint64_t> discard;
};

// A line a device and operation, those of a device together, and totals:
//
//   8:0 Read 4096
//   8:0 Write 0
//   8:0 Sync 4096
//   8:0 Async 0
//   8:0 Discard 0
//   8:0 Total 4096
//   Total 4096
//
// kDataLoss if one of what is wanted is not a number.
absl::StatusOr<std::vector<BlkioStat>> ParseBlkioStat(
    absl::string_view contents);

}  // namespace reeve

#endif  // REEVE_COLLECTORS_CGROUP_V1_BLKIO_STAT_H_
