#ifndef REEVE_ENFORCEMENT_LAUNCH_CREDENTIALS_H_
#define REEVE_ENFORCEMENT_LAUNCH_CREDENTIALS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "enforcement/launch/launch_request.h"

namespace reeve {

// Looks `user` up: NAME, UID, NAME:GROUP or UID:GID. A name brings its primary
// and supplementary groups; an explicit group takes the primary's place. A
// numeric uid without an entry runs with gid = uid unless a group is given, and
// no other group. kNotFound names an unknown user or group.
absl::StatusOr<Credentials> LookUpUser(const std::string& user);

// `env` with USER, LOGNAME and HOME added where it does not set them and the
// user database has them.
std::vector<std::string> WithUserVariables(std::vector<std::string> env,
                                           const Credentials& credentials);

// Whether a task that is to run as `user`, whose credentials these are, has to
// change its ids. False for the user that this process is already, if it may
// become no other; kPermissionDenied, naming both, for another one then.
absl::StatusOr<bool> MustChangeUser(const std::string& user,
                                    const Credentials& credentials);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_LAUNCH_CREDENTIALS_H_
