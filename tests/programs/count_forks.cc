// Forks children that wait, until that many are there or the kernel refuses;
// ends them, and exits with how many there were: count_forks [--children 1]
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <vector>

#include "tests/programs/arguments.h"

int main(int argc, char** argv) {
  const auto wanted =
      static_cast<size_t>(reeve::FlagValue(argc, argv, "--children", 1));
  std::vector<pid_t> children;
  while (children.size() < wanted) {
    const pid_t child = fork();
    if (child < 0) break;
    if (child == 0) {
      while (true) pause();
    }
    children.push_back(child);
  }
  for (const pid_t child : children) kill(child, SIGKILL);
  for (const pid_t child : children) waitpid(child, nullptr, 0);
  return static_cast<int>(children.size());
}
