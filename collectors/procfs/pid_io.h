#ifndef REEVE_COLLECTORS_PROCFS_PID_IO_H_
#define REEVE_COLLECTORS_PROCFS_PID_IO_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace reeve {

// What is wanted of /proc/PID/io, in bytes: what the process had fetched from
// storage, and what it dirtied, which may be written later or never.
struct PidIo {
  uint64_t read_bytes = 0;
  uint64_t write_bytes = 0;
};

// kDataLoss if either is missing or not a number.
absl::StatusOr<PidIo> ParsePidIo(absl::string_view contents);

}  // namespace reeve

#endif  // REEVE_COLLECTORS_PROCFS_PID_IO_H_
