#ifndef REEVE_AGENT_CLI_PATH_H_
#define REEVE_AGENT_CLI_PATH_H_

#include <string>

#include "absl/status/statusor.h"

namespace reeve {

// The working directory of this process.
absl::StatusOr<std::string> WorkingDirectory();

// `path` as seen from anywhere. An empty one stays empty.
absl::StatusOr<std::string> AbsolutePath(const std::string& path);

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_PATH_H_
