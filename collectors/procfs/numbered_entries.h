#ifndef REEVE_COLLECTORS_PROCFS_NUMBERED_ENTRIES_H_
#define REEVE_COLLECTORS_PROCFS_NUMBERED_ENTRIES_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace reeve {

// The entries of a directory whose names are numbers, such as the threads in
// /proc/PID/task and the descriptors in /proc/PID/fd, in no order. kNotFound if
// the directory, or its process, is gone. Thread-safe.
absl::StatusOr<std::vector<int>> ListNumberedEntries(int dir_fd,
                                                     const std::string& name);

}  // namespace reeve

#endif  // REEVE_COLLECTORS_PROCFS_NUMBERED_ENTRIES_H_
