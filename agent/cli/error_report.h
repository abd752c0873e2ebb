#ifndef REEVE_AGENT_CLI_ERROR_REPORT_H_
#define REEVE_AGENT_CLI_ERROR_REPORT_H_

#include <ostream>

#include "absl/status/status.h"

namespace grpc {
class Status;
}  // namespace grpc

namespace reeve {

// Exit codes of reeve itself; others are the task's.
constexpr int kExitSuccess = 0;
constexpr int kExitFailed = 125;
constexpr int kExitNotExecutable = 126;
constexpr int kExitNotFound = 127;

// The answer of a call: code, text and details, which ReportError() reads. The
// loss of the agent during a call is named as such.
absl::Status FromGrpcStatus(const grpc::Status& status);

// Prints "reeve: MESSAGE" as one line. Returns the exit code: 127 or 126 if the
// agent says that the program is missing or cannot be executed, 125 otherwise.
int ReportError(const absl::Status& error, std::ostream& err);

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_ERROR_REPORT_H_
