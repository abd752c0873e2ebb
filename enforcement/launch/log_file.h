#ifndef REEVE_ENFORCEMENT_LAUNCH_LOG_FILE_H_
#define REEVE_ENFORCEMENT_LAUNCH_LOG_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "enforcement/launch/relay_streams.h"
#include "enforcement/spec/task_spec.h"

namespace reeve {

// Opens, or creates with mode 0640, a regular file to append to, with the
// directory that holds it. The last component of the path is not followed if it
// is a symlink. kFailedPrecondition for anything but a regular file.
absl::StatusOr<LogTarget> OpenLogFile(const std::string& path,
                                      const LogFiles& rotation);

// The same, of a file NAME in a directory. `dir_fd` stays the caller's.
absl::StatusOr<LogTarget> OpenLogFileAt(int dir_fd, const std::string& name,
                                        const LogFiles& rotation);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_LAUNCH_LOG_FILE_H_
