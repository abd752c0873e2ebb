#ifndef REEVE_COLLECTORS_PROCFS_DISKSTATS_H_
#define REEVE_COLLECTORS_PROCFS_DISKSTATS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace reeve {

// What was done with a device in one direction since boot.
struct DiskTraffic {
  // Requests that were completed.
  uint64_t operations = 0;
  uint64_t bytes = 0;
  // That requests took, added up.
  uint64_t time_ns = 0;
};

// One block device: a whole disk, a partition, or what stands on others.
struct DiskCounters {
  // "sda".
  std::string device;
  DiskTraffic read;
  DiskTraffic written;
  // In which there was at least one request.
  uint64_t busy_ns = 0;
  // The same, times the requests there were: how long they took and waited.
  uint64_t weighted_ns = 0;
};

// The devices of /proc/diskstats, one a line, with eleven numbers, or more from
// newer kernels: Documentation/admin-guide/iostats.rst.
//
//   254       0 vda 33842 6537 2676866 36603 20526 19257 2613472 10937 0 15192
//   …
//
// kDataLoss if a line is not like that.
absl::StatusOr<std::vector<DiskCounters>> ParseDiskstats(
    absl::string_view contents);

}  // namespace reeve

#endif  // REEVE_COLLECTORS_PROCFS_DISKSTATS_H_
