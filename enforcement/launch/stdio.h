#ifndef REEVE_ENFORCEMENT_LAUNCH_STDIO_H_
#define REEVE_ENFORCEMENT_LAUNCH_STDIO_H_

#include <string>

#include "absl/status/statusor.h"
#include "base/unique_fd.h"

namespace reeve {

// Opens a standard stream of a task. Never blocks: a fifo is opened for reading
// and writing, so that a missing or vanished reader holds nothing up. The last
// component of the path is not followed if it is a symlink, apart from
// /dev/null. "" and "/dev/null" discard. A file is created with mode 0640.
absl::StatusOr<UniqueFd> OpenTaskOutput(const std::string& path);
absl::StatusOr<UniqueFd> OpenTaskInput(const std::string& path);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_LAUNCH_STDIO_H_
