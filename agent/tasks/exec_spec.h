#ifndef REEVE_AGENT_TASKS_EXEC_SPEC_H_
#define REEVE_AGENT_TASKS_EXEC_SPEC_H_

#include <string>
#include <vector>

namespace reeve {

// A further command to run in a task.
struct ExecSpec {
  // Program and arguments.
  std::vector<std::string> command;
  // Added to the task's environment, in place of variables of the same name.
  std::vector<std::string> env;
  // Empty: the task's.
  std::string cwd;
  std::string user;
  // Standard input is a terminal, to become the controlling one.
  bool tty = false;
};

}  // namespace reeve

#endif  // REEVE_AGENT_TASKS_EXEC_SPEC_H_
