#ifndef REEVE_ENFORCEMENT_LAUNCH_ROOT_USERS_H_
#define REEVE_ENFORCEMENT_LAUNCH_ROOT_USERS_H_

#include <string>

#include "absl/status/statusor.h"
#include "enforcement/launch/launch_request.h"

namespace reeve {

// Looks `user` up as LookUpUser() does, but in etc/passwd and etc/group of the
// directory `root_fd`, which is to be a task's root, and with the errors of
// ResolveUser(). A file that is missing has no entries; kDataLoss for one that
// is no regular file or larger than 1 MiB, kUnimplemented before Linux 5.6.
// Thread-safe.
absl::StatusOr<Credentials> LookUpUserInRoot(int root_fd,
                                             const std::string& user);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_LAUNCH_ROOT_USERS_H_
