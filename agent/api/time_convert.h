#ifndef REEVE_AGENT_API_TIME_CONVERT_H_
#define REEVE_AGENT_API_TIME_CONVERT_H_

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/timestamp.pb.h>

#include "absl/time/time.h"

namespace reeve {

google::protobuf::Timestamp ToProto(absl::Time time);
absl::Time TimeFromProto(const google::protobuf::Timestamp& timestamp);

// Of durations that are not negative.
google::protobuf::Duration ToProto(absl::Duration duration);
absl::Duration DurationFromProto(const google::protobuf::Duration& duration);

}  // namespace reeve

#endif  // REEVE_AGENT_API_TIME_CONVERT_H_
