#ifndef REEVE_AGENT_OPEN_FILES_LIMIT_H_
#define REEVE_AGENT_OPEN_FILES_LIMIT_H_

#include <sys/resource.h>

#include <optional>

namespace reeve {

// Raises this process's soft RLIMIT_NOFILE to the hard one: measuring keeps a
// dozen files open for each task. Returns the limits before, for the tasks.
std::optional<rlimit> RaiseOpenFilesLimit();

}  // namespace reeve

#endif  // REEVE_AGENT_OPEN_FILES_LIMIT_H_
