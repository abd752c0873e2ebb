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
  // Forks a child into `entry`, which calls `body` and exits with its result.
  // Returns when it is in all its cgroups.
  CgroupChild(const CgroupEntry& entry, const std::function<int()>& body);
  ~CgroupChild();
  CgroupChild(const CgroupChild&) = delete;
  CgroupChild& operator=(const CgroupChild&) = delete;

  // -1 if it could not be started, which fails the test.
  pid_t pid() const { return pid_; }

  // How it ended, as of waitpid(2); nullopt if it has not after `timeout`.
  std::optional<int> Wait(absl::Duration timeout);

  // Kills and reaps it.
  void Stop();

 private:
  pid_t pid_ = -1;
  std::optional<int> status_;
};

}  // namespace reeve

#endif  // REEVE_TESTS_TESTING_CGROUP_CHILD_H_
