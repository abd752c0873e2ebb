#ifndef REEVE_TESTS_TESTING_CGROUP_CHILD_H_
#define REEVE_TESTS_TESTING_CGROUP_CHILD_H_

#include <sys/types.h>

#include <functional>
#include <optional>

#include "absl/time/time.h"
#include "enforcement/cgroup/task_cgroup.h"

namespace reeve {

// A child of the test that is in a cgroup from its first instruction on. Killed
// and reaped at the end of its scope. Only for tests with one thread.
class CgroupChild {
 public:
  // How a child ended.
  struct Exit {
    // As of waitpid(2).
    int status;
    // User and system time of all its threads.
    absl::Duration cpu_time;
  };

  // Forks a child into `entry`, which calls `body` and exits with its result.
  // Returns when it is in all its cgroups.
  CgroupChild(const CgroupEntry& entry, const std::function<int()>& body);
  ~CgroupChild();
  CgroupChild(const CgroupChild&) = delete;
  CgroupChild& operator=(const CgroupChild&) = delete;

  // -1 if it could not be started, which fails the test.
  pid_t pid() const { return pid_; }

  // Waits for its end; nullopt if it has not ended after `timeout`.
  std::optional<Exit> Wait(absl::Duration timeout);

  // SIGKILL, and how it ended.
  Exit Stop();

 private:
  pid_t pid_ = -1;
  std::optional<Exit> exit_;
};

}  // namespace reeve

#endif  // REEVE_TESTS_TESTING_CGROUP_CHILD_H_
