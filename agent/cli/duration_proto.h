#ifndef REEVE_AGENT_CLI_DURATION_PROTO_H_
#define REEVE_AGENT_CLI_DURATION_PROTO_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/duration.pb.h"

namespace reeve {

// Sets `duration` to a duration as people write it: "10s". Errors are those of
// ParseDuration().
absl::Status SetDuration(absl::string_view text,
                         google::protobuf::Duration* duration);

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_DURATION_PROTO_H_
