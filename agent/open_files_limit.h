#ifndef REEVE_AGENT_OPEN_FILES_LIMIT_H_
#define REEVE_AGENT_OPEN_FILES_LIMIT_H_

#include <sys/resource.h>

#include <optional>

#include "absl/status/status.h"

namespace reeve {

// kFailedPrecondition, saying what to do, if this process may not even open the
// files that an agent without a task needs (RLIMIT_NOFILE, the hard one): what
// it is built of does not all report a lack of them.
absl::Status CheckOpenFilesLimit();

// Raises this process's soft RLIMIT_NOFILE to the hard one: measuring keeps a
// dozen files open for each task. Returns the limits before, for the tasks.
std::optional<rlimit> RaiseOpenFilesLimit();

}  // namespace reeve

#endif  // REEVE_AGENT_OPEN_FILES_LIMIT_H_
