#ifndef REEVE_ENFORCEMENT_CGROUP_DEVICE_PROGRAMS_H_
#define REEVE_ENFORCEMENT_CGROUP_DEVICE_PROGRAMS_H_

#include <deque>
#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "base/unique_fd.h"
#include "enforcement/spec/device_access.h"

namespace reeve {

// Device programs that are loaded, to be attached to any number of cgroups: the
// kernel's verifier takes many times as long as an attachment. It keeps those
// that were asked for last. Thread-safe.
class DevicePrograms {
 public:
  // The program for `allowed`; see AssembleDeviceProgram() and, for errors,
  // LoadDeviceProgram().
  absl::StatusOr<std::shared_ptr<const UniqueFd>> Get(
      const std::vector<DeviceAccess>& allowed);

 private:
  struct Loaded {
    std::vector<DeviceAccess> allowed;
    std::shared_ptr<const UniqueFd> program;
  };

  absl::Mutex mutex_;
  // The one that was asked for last comes first.
  std::deque<Loaded> loaded_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_DEVICE_PROGRAMS_H_
