#ifndef REEVE_TESTS_COLLECTORS_FAKE_HOST_H_
#define REEVE_TESTS_COLLECTORS_FAKE_HOST_H_

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "collectors/task_target.h"
#include "tests/testing/fake_tree.h"

namespace reeve {

// A machine with cgroup v2, two CPUs of 2500 MHz, and what tasks a test makes
// up. Thread-compatible.
class FakeHost {
 public:
  FakeHost();

  // Makes or changes the cgroup of a task.
  void SetTask(const std::string& id, uint64_t cpu_usec,
               uint64_t memory_bytes = 4096);
  void SetProcesses(const std::string& id, const std::vector<pid_t>& pids);

  // Makes or changes a process that started at so many clock ticks.
  void SetProcess(pid_t pid, uint64_t start_ticks, uint64_t user_ticks,
                  uint64_t system_ticks);
  void RemoveProcess(pid_t pid);

  // From now on the cgroup of a task is a removed one for those who have opened
  // it. Needs PrepareRemoval() before they do.
  void PrepareRemoval(const std::string& id);
  void RemoveTask();

  // Says how many processes the kernel killed in the cgroup of a task.
  void SetOomKills(const std::string& id, uint64_t kills);

  TaskTarget Target(const std::string& id) const;

  FakeTree& tree() { return tree_; }
  std::string procfs() const { return tree_.Path("proc"); }
  std::string sysfs() const { return tree_.Path("sys"); }

 private:
  FakeTree tree_;
  // A real process behind a file of the cgroup to be removed: what the kernel
  // says of a file of an ended process is as final as what it says of a file of
  // a removed cgroup.
  pid_t doomed_ = -1;
};

}  // namespace reeve

#endif  // REEVE_TESTS_COLLECTORS_FAKE_HOST_H_
