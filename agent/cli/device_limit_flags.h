#ifndef REEVE_AGENT_CLI_DEVICE_LIMIT_FLAGS_H_
#define REEVE_AGENT_CLI_DEVICE_LIMIT_FLAGS_H_

#include <string>

#include "absl/status/status.h"
#include "agent/api/task_service.pb.h"

namespace reeve {

// Values of flags that may be given once for each device or page size. Each
// replaces what the message says of that one, and leaves the others alone.
// kInvalidArgument with what is accepted.

// "DEVICE,rbps=SIZE|max,wbps=SIZE|max,riops=N|max,wiops=N|max", each rate once
// at most and at least one; those that are not named are left alone.
absl::Status SetIoMax(const std::string& text, v1::Limits* limits);

// "2MB=64M" or "2MB=max".
absl::Status SetHugetlb(const std::string& text, v1::Limits* limits);

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_DEVICE_LIMIT_FLAGS_H_
