#ifndef REEVE_ENFORCEMENT_LAUNCH_PROGRAM_H_
#define REEVE_ENFORCEMENT_LAUNCH_PROGRAM_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace reeve {

// Finds the file to execute for `name`, in this order: TASK_DIR/local/NAME and
// TASK_DIR/NAME (if there is a task directory; neither a symlink nor ".." may
// lead out of it), NAME itself if it holds a "/" (relative to `cwd`), then the
// directories of PATH in `env`, or of a default path if `env` has none. The
// result is absolute and names a regular file. kNotFound with
// LaunchErrorReason::kProgramNotFound, or kFailedPrecondition with
// kProgramNotExecutable for a directory or other non-file.
absl::StatusOr<std::string> FindProgram(const std::string& name,
                                        const std::string& task_dir,
                                        const std::string& cwd,
                                        const std::vector<std::string>& env);

// Where `name` may be in a root of the task's own, absolute paths to try in
// this order; at least one. An absolute name is the only place. Else
// /local/NAME and /NAME, then NAME in `cwd` if it holds a "/", or else in the
// directories of PATH as above.
std::vector<std::string> ProgramPlaces(const std::string& name,
                                       const std::string& cwd,
                                       const std::vector<std::string>& env);

// Adds r-xr-xr-x to a regular file that lacks any of it: for programs that came
// with a task, not for the host's. Leaves set-user-id and
// set-group-id files alone.
absl::Status MakeExecutable(const std::string& path);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_LAUNCH_PROGRAM_H_
