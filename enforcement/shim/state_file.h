#ifndef REEVE_ENFORCEMENT_SHIM_STATE_FILE_H_
#define REEVE_ENFORCEMENT_SHIM_STATE_FILE_H_

#include <stdint.h>

#include "enforcement/shim/text.h"

namespace reeve {

// Files of a task's state directory. Functions return 0 or an errno value.

// Writes a file of one number and a newline.
int WriteNumberFile(int state_dir_fd, const char* name, int64_t number);

// "CODE SIGNAL UNIX_NANOS\n", from waitpid(2)'s status.
Text ExitStatusText(int wait_status, int64_t unix_nanos);

// Replaces `exitStatus` such that a reader, or a crash, sees all of it or
// nothing.
int WriteExitStatus(int state_dir_fd, const Text& text);

// Adds one JSON line to `shim.log`. `message` must need no escapes. There is
// nobody to tell if that fails.
void LogError(int state_dir_fd, const char* message, int error_number);

// The same, of what the task goes on in spite of.
void LogWarning(int state_dir_fd, const char* message, int error_number);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SHIM_STATE_FILE_H_
