#ifndef REEVE_AGENT_TASK_FILES_TASK_FILES_OPTIONS_H_
#define REEVE_AGENT_TASK_FILES_TASK_FILES_OPTIONS_H_

#include <string>

#include "absl/time/time.h"

namespace reeve {

// The directory whose files are tasks of the agent.
struct TaskFilesOptions {
  // Absolute; empty for none.
  std::string directory;
  // Of "${NAME}" in the files, beside what they name themselves; empty for
  // none.
  std::string env_file;
  // Between two looks at the directory while nothing is told to change there.
  absl::Duration rescan_interval = absl::Seconds(10);
};

}  // namespace reeve

#endif  // REEVE_AGENT_TASK_FILES_TASK_FILES_OPTIONS_H_
