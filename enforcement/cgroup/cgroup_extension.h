#ifndef REEVE_ENFORCEMENT_CGROUP_CGROUP_EXTENSION_H_
#define REEVE_ENFORCEMENT_CGROUP_CGROUP_EXTENSION_H_

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "enforcement/cgroup/cgroup_controller.h"
#include "enforcement/cgroup/cgroup_dir_fds.h"
#include "enforcement/cgroup/freezer.h"

namespace reeve {

// Gives the cgroup of a task controllers that it was made without, while the
// task runs. Most tasks never have a cpuset, limits of devices or of huge
// pages, and should not pay for those hierarchies at their launch. Thread-safe.
class CgroupExtension {
 public:
  // What it works on. All must outlive the extension.
  struct Parts {
    CgroupController* controller;
    const CgroupMounts* mounts;
    const std::string* cgroup;
    CgroupDirFds* dirs;
    const Freezer* freezer;
    // Held while processes may be frozen to be moved.
    absl::Mutex* freezing;
  };

  // `controllers` are those that the cgroup has been made with.
  CgroupExtension(const Parts& parts, std::vector<std::string> controllers)
      : parts_(parts), complete_(std::move(controllers)) {}

  // Makes the cgroup in the hierarchies of `controllers`, or enables them on
  // v2, and moves every process of the task there. Nothing to do for those that
  // it has. After an error the controllers it was to have limit nothing, or
  // only as much as their parent does, and a later call goes on; what was made
  // is removed with the cgroup. kNotFound after Close().
  absl::Status Add(const std::vector<std::string>& controllers);

  // For a cgroup that was there already: finishes what another agent may have
  // begun.
  absl::Status Adopt();

  // A process has started in the first `entered` v1 directories: moves it into
  // those that were added meanwhile.
  absl::Status FinishEntry(size_t entered);

  // The cgroup is going to be removed: nothing is made any more.
  void Close();
  bool IsClosed() const;

 private:
  // Moves every process into the v1 directories from the `first` one on.
  absl::Status MoveAllInto(size_t first) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Parts parts_;
  mutable absl::Mutex mutex_;
  // Controllers that the whole task is under.
  std::vector<std::string> complete_ ABSL_GUARDED_BY(mutex_);
  bool is_closed_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_CGROUP_EXTENSION_H_
