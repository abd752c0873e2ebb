#ifndef REEVE_ENFORCEMENT_LAUNCH_DETACHED_MOUNT_H_
#define REEVE_ENFORCEMENT_LAUNCH_DETACHED_MOUNT_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/unique_fd.h"
#include "enforcement/spec/mount_spec.h"

namespace reeve {

// Mounts that are nowhere in a mount namespace until the shim attaches them in
// that of a task; they go with their descriptor. The sources are looked up by
// the agent, so that nothing that a task changes can redirect them. Each needs
// CAP_SYS_ADMIN and Linux 5.12. Thread-safe.

// What `directory` has on the host, with all that is mounted below it, apart
// from what changes there later. With `is_read_only` what is mounted below it
// cannot be changed; it can itself, until the shim is done with it.
absl::StatusOr<UniqueFd> CloneRoot(const std::string& directory,
                                   bool is_read_only);

// The source of a bind mount as `mount` says. kFailedPrecondition if that is to
// be bidirectional and the host's mount has nobody to share with.
absl::StatusOr<UniqueFd> CloneSource(const MountSpec& mount);

// The same of the source alone, without what is mounted below it.
absl::StatusOr<UniqueFd> CloneSourceAlone(const MountSpec& mount);

// overlayfs over `lower`, which writes to the directory "upper" in
// `directory_fd`, and works in "work" there: both are made if missing.
absl::StatusOr<UniqueFd> MountOverlay(const std::string& lower,
                                      int directory_fd);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_LAUNCH_DETACHED_MOUNT_H_
