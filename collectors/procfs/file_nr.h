#ifndef REEVE_COLLECTORS_PROCFS_FILE_NR_H_
#define REEVE_COLLECTORS_PROCFS_FILE_NR_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace reeve {

// Open files of the whole machine, from /proc/sys/fs/file-nr: proc_sys_fs(5).
struct FileNr {
  uint64_t open = 0;
  uint64_t max = 0;
};

// kDataLoss if it does not hold three numbers.
absl::StatusOr<FileNr> ParseFileNr(absl::string_view contents);

}  // namespace reeve

#endif  // REEVE_COLLECTORS_PROCFS_FILE_NR_H_
