#ifndef REEVE_AGENT_CLI_SPEC_FILE_H_
#define REEVE_AGENT_CLI_SPEC_FILE_H_

#include <string>

#include "absl/status/statusor.h"
#include "agent/api/task_service.pb.h"

namespace reeve {

// Reads a TaskSpec from a file of JSON with the field names of the .proto. The
// error is one line with the path: why it cannot be read, where it is no JSON,
// or which field is unknown or has the wrong type.
absl::StatusOr<v1::TaskSpec> ReadSpecFile(const std::string& path);

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_SPEC_FILE_H_
