#ifndef REEVE_ENFORCEMENT_LAUNCH_SHIM_PROGRAM_H_
#define REEVE_ENFORCEMENT_LAUNCH_SHIM_PROGRAM_H_

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "enforcement/launch/sealed_program.h"

namespace reeve {

// The program of the shims: a sealed copy of it where there can be one, so that
// no task changes what the next shim is. Thread-safe.
class ShimProgram {
 public:
  // Copies the file `path`: whatever becomes of that, the copy is started.
  explicit ShimProgram(std::string path);

  // OK, or why there is no copy: the file itself is started then.
  absl::Status SealStatus() const { return seal_status_; }

  // Starts it, see SpawnShim().
  absl::StatusOr<pid_t> Spawn(int plan_fd, const std::vector<int>& fds) const;

  // Whether process `pid` runs it, or a copy that another agent made.
  bool IsRunBy(pid_t pid) const;

 private:
  // One that nobody has open for writing, instead of `busy`.
  absl::StatusOr<std::shared_ptr<const SealedProgram>> Renew(
      const SealedProgram& busy) const;

  const std::string path_;
  absl::Status seal_status_;
  mutable absl::Mutex mutex_;
  // Null where there is none.
  mutable std::shared_ptr<const SealedProgram> sealed_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_LAUNCH_SHIM_PROGRAM_H_
