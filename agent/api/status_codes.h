#ifndef REEVE_AGENT_API_STATUS_CODES_H_
#define REEVE_AGENT_API_STATUS_CODES_H_

#include <grpcpp/support/status.h>

#include "absl/status/status.h"

namespace reeve {

// An absl::Status on the wire: same code, same text, and for a program that
// could not be started an ErrorDetail with the reason.
grpc::Status ToGrpcStatus(const absl::Status& status);

}  // namespace reeve

#endif  // REEVE_AGENT_API_STATUS_CODES_H_
