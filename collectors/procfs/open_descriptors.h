#ifndef REEVE_COLLECTORS_PROCFS_OPEN_DESCRIPTORS_H_
#define REEVE_COLLECTORS_PROCFS_OPEN_DESCRIPTORS_H_

#include <cstdint>

#include "absl/status/statusor.h"

namespace reeve {

// How many descriptors a process has open, by its directory /proc/PID/fd, which
// `path` is relative to `dir_fd`. Since Linux 6.2 its size tells; before, and
// in another file system, its entries are counted, which costs as much as there
// are. One that is open on the directory itself counts. kNotFound if the
// process has ended, kPermissionDenied if it is another user's. Thread-safe.
absl::StatusOr<uint64_t> CountDescriptors(int dir_fd, const char* path);

}  // namespace reeve

#endif  // REEVE_COLLECTORS_PROCFS_OPEN_DESCRIPTORS_H_
