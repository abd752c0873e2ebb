#ifndef REEVE_BASE_FILE_H_
#define REEVE_BASE_FILE_H_

#include <sys/types.h>

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/unique_fd.h"

namespace reeve {

// Files by directory descriptor. Errors carry the operation, the name and
// errno's text; codes are those of absl::ErrnoToStatus (kNotFound for ENOENT).
// ENODEV, the kernel's answer for a file of a removed cgroup, is kNotFound too.
// All functions are thread-safe. `dir_fd` may be AT_FDCWD.

// absl::ErrnoToStatus with ENODEV as kNotFound.
absl::Status ErrnoStatus(int error_number, absl::string_view what);

// Opens with O_CLOEXEC added to `flags`.
absl::StatusOr<UniqueFd> OpenAt(int dir_fd, const std::string& name, int flags,
                                mode_t mode = 0);

// Opens a directory as an O_PATH | O_DIRECTORY handle for the *At functions.
absl::StatusOr<UniqueFd> OpenDirAt(int dir_fd, const std::string& name);

// The whole file, to its end.
absl::StatusOr<std::string> ReadFileAt(int dir_fd, const std::string& name);
absl::StatusOr<std::string> ReadFile(const std::string& path);

// Writes `text` to an existing file by one write(2), as kernel files want it.
absl::Status WriteFileAt(int dir_fd, const std::string& name,
                         absl::string_view text);

// Replaces a file so that a reader sees the old or the new contents and never a
// part, also if this process is killed meanwhile: temporary file and rename.
// Does not wait for the disk: after a power failure the file may be empty.
absl::Status ReplaceFileAt(int dir_fd, const std::string& name,
                           absl::string_view contents, mode_t mode);

}  // namespace reeve

#endif  // REEVE_BASE_FILE_H_
