#ifndef REEVE_BASE_OPEN_IN_ROOT_H_
#define REEVE_BASE_OPEN_IN_ROOT_H_

#include <string>

#include "absl/status/statusor.h"
#include "base/unique_fd.h"

namespace reeve {

// Opens what `path` is for a process whose root directory is that of `root_fd`:
// neither "..", an absolute path nor a symbolic link leads out of it, whoever
// changes the tree meanwhile. Links of /proc that jump elsewhere are errors.
// Adds O_CLOEXEC to `flags`, which make no file. openat2(2): kUnimplemented
// before Linux 5.6; other errors are those of OpenAt(). Thread-safe.
absl::StatusOr<UniqueFd> OpenInRoot(int root_fd, const std::string& path,
                                    int flags);

}  // namespace reeve

#endif  // REEVE_BASE_OPEN_IN_ROOT_H_
