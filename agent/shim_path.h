#ifndef REEVE_AGENT_SHIM_PATH_H_
#define REEVE_AGENT_SHIM_PATH_H_

#include <string>

#include "absl/status/statusor.h"

namespace reeve {

// The reeve-shim to start tasks with: `given`, or if that is empty the one near
// this process's executable. kNotFound, saying what to do, if it is not an
// executable file.
absl::StatusOr<std::string> FindShim(const std::string& given);

// The one for a program in `directory`, an absolute path: beside it, as a build
// leaves them, or else in ../libexec/reeve, as a package installs them.
absl::StatusOr<std::string> FindShimNear(const std::string& directory);

}  // namespace reeve

#endif  // REEVE_AGENT_SHIM_PATH_H_
