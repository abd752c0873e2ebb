#ifndef REEVE_COLLECTORS_HOST_PATIENT_STATFS_H_
#define REEVE_COLLECTORS_HOST_PATIENT_STATFS_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "collectors/host/filesystem_sample.h"

namespace reeve {

// statfs(2) of the file system that is mounted there.
absl::StatusOr<FilesystemUsage> ReadFilesystemUsage(
    const std::string& mount_point);

// Asks file systems how full they are, and waits for each only so long: one
// whose server is gone may never answer. Such a call is left to its own thread,
// and the file system is not asked again before it has ended, so that there is
// one waiting thread at most for each that hangs. Thread-compatible.
class PatientStatfs {
 public:
  using Ask = std::function<absl::StatusOr<FilesystemUsage>(
      const std::string& mount_point)>;

  // `ask` may be called, and may be running, after the end of this.
  PatientStatfs(Ask ask, absl::Duration patience);

  // Nullopt if it does not answer in time, or has not answered before.
  std::optional<absl::StatusOr<FilesystemUsage>> Read(
      const std::string& mount_point);

 private:
  // Of one thread, which may outlive this.
  struct Call;

  const Ask ask_;
  const absl::Duration patience_;
  // By mount point.
  absl::flat_hash_map<std::string, std::shared_ptr<Call>> stuck_;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_HOST_PATIENT_STATFS_H_
