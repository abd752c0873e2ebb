#ifndef REEVE_BASE_CONFIGURATION_FILE_H_
#define REEVE_BASE_CONFIGURATION_FILE_H_

#include <sys/stat.h>

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace reeve {

// Who may have written the files that are read.
enum class TrustedWriters {
  kAnybody,
  // Root and this process' user, and nobody else may write to them: what they
  // say is done on their behalf.
  kOwner,
};

// kPermissionDenied, with what to change, for what others than kOwner own or
// may write to.
absl::Status CheckWriters(const struct stat& info);

// All of the file `path`, which may be a symbolic link to one. Never waits, and
// reads no more than `max_bytes`: kDataLoss for what is larger, and for a
// directory, a fifo or a device. `modified_at` may be null.
absl::StatusOr<std::string> ReadConfiguration(
    const std::string& path, size_t max_bytes, TrustedWriters writers,
    absl::Time* modified_at = nullptr);

}  // namespace reeve

#endif  // REEVE_BASE_CONFIGURATION_FILE_H_
