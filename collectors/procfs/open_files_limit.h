#ifndef REEVE_COLLECTORS_PROCFS_OPEN_FILES_LIMIT_H_
#define REEVE_COLLECTORS_PROCFS_OPEN_FILES_LIMIT_H_

#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace reeve {

// How many descriptors /proc/PID/limits lets a process have, by its soft limit;
// nullopt if it is unlimited. kDataLoss if there is no such line.
absl::StatusOr<std::optional<uint64_t>> ParseOpenFilesLimit(
    absl::string_view contents);

}  // namespace reeve

#endif  // REEVE_COLLECTORS_PROCFS_OPEN_FILES_LIMIT_H_
